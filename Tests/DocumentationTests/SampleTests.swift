import MirrorCore
import MirrorTesting
import Testing

@Suite struct SampleTests {
    // sample
    @Test(arguments: StorageRule.all)
    func keeps(_ rule: StorageRule) async throws {
        let folder = try TemporaryFolder()
        let place = StoragePlace(isLasting: true) {
            let base = try FileSystemDriver(root: folder.path)
            return PrefixedDriver(base: base, prefix: .root.child("tenant"))
        }
        try await rule.verify(in: place)
    }
    // end of sample

    @Test func anEmbeddedMirrorServesWhatItsUpstreamHas() async throws {
        let upstream = try ScriptedUpstream()
        let image = SampleImage(seed: 1)
        upstream.add(image, to: "library/busybox", tags: "latest")
        let folder = try TemporaryFolder()
        try await serveEmbeddedMirror(of: upstream.url, in: folder.path) { address in
            #expect(address.hasPrefix("127.0.0.1:"))
        }
        upstream.stop()
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// Manifests asked for by their digest.
@Suite struct ManifestTests {
    private let image = SampleImage(seed: 11)
    private let test = MirrorUnderTest()

    init() {
        test.upstream.add(image, to: .app, tag: .latest)
        test.upstream.add(SampleBlob("something else"), to: .other)
    }

    private var digest: Digest { image.manifest.digest }

    @Test func isFetchedOnceForManyWhoAskTogether() async throws {
        let checkpoint = Checkpoint()
        test.upstream.hold(.manifest, at: checkpoint)
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<40 {
                group.addTask { try await test.manifest(.digest(digest)).content.bytes }
            }
            await checkpoint.untilReached()
            checkpoint.open()
            for try await bytes in group { #expect(bytes == image.manifest.bytes) }
        }
        #expect(test.upstream.counts == [.manifest: 1])
    }

    @Test func hasTheBytesAndTypeThatUpstreamServed() async throws {
        let answer = try await test.manifest(.digest(digest))
        #expect(answer.status == .miss)
        #expect(answer.content.bytes == image.manifest.bytes)
        #expect(answer.content.mediaType == .ociManifest)
        #expect(answer.content.children == image.blobs.map(\.digest))
        let descriptor = try await test.mirror.manifestDescriptor(.digest(digest), in: .app)
        #expect(descriptor.content == image.manifest.descriptor && descriptor.status == .hit)
    }

    @Test func callsNeitherStorageNorUpstreamOnceItWasRead() async throws {
        _ = try await test.manifest(.digest(digest))
        try await test.pullBlobs(of: image)
        _ = try await test.manifest(.digest(digest))
        test.storage.resetCounts()
        test.upstream.resetCounts()
        for _ in 0..<10 { #expect(try await test.manifest(.digest(digest)).status == .hit) }
        #expect(test.storage.callCount == 0 && test.upstream.callCount == 0)
    }

    @Test func isHeldByTheNextMirrorWithoutUpstream() async throws {
        _ = try await test.manifest(.digest(digest))
        try await test.pullBlobs(of: image)
        let next = MirrorUnderTest(over: test.storage)
        let answer = try await next.manifest(.digest(digest))
        #expect(answer.status == .hit && answer.content.bytes == image.manifest.bytes)
        #expect(next.upstream.callCount == 0)
    }

    @Test(arguments: [
        MediaType.ociManifest, .dockerManifest, .dockerList,
        MediaType("application/vnd.example.special+json"),
    ])
    func keepsATypeThatTheJSONDoesNotState(type: MediaType) async throws {
        let manifest = SampleManifest(
            bytes: Array(#"{"schemaVersion":2,"layers":[]}"#.utf8), mediaType: type)
        test.upstream.add(manifest, to: .app)
        #expect(try await test.manifest(.digest(manifest.digest)).content.mediaType == type)
        let next = MirrorUnderTest(over: test.storage)
        #expect(try await next.manifest(.digest(manifest.digest)).content.mediaType == type)
    }

    @Test func namedBySHA512IsKept() async throws {
        let digest = Digest(of: image.manifest.bytes, by: .sha512)
        let fetched = FetchedManifest(bytes: image.manifest.bytes, mediaType: .ociManifest)
        test.upstream.add(fetched, as: digest, to: .app)
        #expect(try await test.manifest(.digest(digest)).content.digest == digest)
        try await test.pullBlobs(of: image)
        let next = MirrorUnderTest(over: test.storage)
        #expect(try await next.manifest(.digest(digest)).status == .hit)
    }

    @Test(arguments: [
        "not JSON at all", "[1,2]", "", #"{"schemaVersion":2"#,
        #"{"a":"\#(String(repeating: "x", count: 4 << 20))"}"#,
    ])
    func isRefusedWhenItIsNoJSONObjectOrTooLarge(text: String) async throws {
        let bad = SampleManifest(bytes: Array(text.utf8), mediaType: .ociManifest)
        test.upstream.add(bad, to: .app)
        let error = await test.error { _ = try await test.manifest(.digest(bad.digest)) }
        #expect(error?.code == .invalid)
        #expect(try await test.storage.stat(.data(bad.digest)) == nil)
    }

    @Test func isNeverStoredNorServedWithAnotherDigest() async throws {
        let wrong = FetchedManifest(bytes: Array("{}".utf8), mediaType: .ociManifest)
        test.upstream.add(wrong, as: digest, to: .app)
        for _ in 0..<2 {
            let error = await test.error { _ = try await test.manifest(.digest(digest)) }
            #expect(error?.code == .invalid)
        }
        #expect(test.upstream.counts[.manifest] == 2)
        #expect(try await test.storage.stat(.data(digest)) == nil)
        test.upstream.add(image.manifest, to: .app)
        #expect(try await test.manifest(.digest(digest)).content.bytes == image.manifest.bytes)
    }

    @Test func isGivenToAnotherRepositoryOnlyWhenItsUpstreamHasIt() async throws {
        _ = try await test.manifest(.digest(digest))
        let error = await test.error { _ = try await test.manifest(.digest(digest), in: .other) }
        #expect(error?.code == .notFound)
        test.upstream.add(image.manifest, to: .other)
        #expect(try await test.manifest(.digest(digest), in: .other).status == .miss)
        #expect(try await test.manifest(.digest(digest), in: .other).status == .hit)
    }

    @Test func damagedOnDiskIsFetchedAnew() async throws {
        _ = try await test.manifest(.digest(digest))
        var damaged = image.manifest.bytes
        damaged[0] ^= 1
        try await test.storage.put(damaged, at: .data(digest))
        let next = MirrorUnderTest(upstream: test.upstream, over: test.storage)
        let answer = try await next.manifest(.digest(digest))
        #expect(answer.status == .miss && answer.content.bytes == image.manifest.bytes)
        #expect(try await test.storage.bytes(at: .data(digest)) == image.manifest.bytes)
    }

    @Test func indexesAreServedWhole() async throws {
        let index = SampleIndex(seed: 5)
        test.upstream.add(index, to: .app)
        let answer = try await test.manifest(.digest(index.manifest.digest))
        #expect(answer.content.bytes == index.manifest.bytes)
        #expect(answer.content.children == index.images.map(\.manifest.digest))
    }
}

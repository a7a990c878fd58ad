import MirrorCore
import MirrorTesting
import Testing

@testable import mirrord

@Suite struct EvictionReportTests {
    @Test func whatIsTooMuchIsToldOfLeastRecentlyUsedFirstAndStays() async throws {
        let folder = try TemporaryFolder()
        let upstream = ScriptedFetcher()
        let image = SampleImage(seed: 3)
        let name = try #require(RepositoryName("library/app"))
        let tag = try #require(["latest"].compactMap { MirrorCore.Tag($0) }.first)
        upstream.add(image, to: name, tag: tag)
        let mirror = RegistryMirror(
            storage: try FileSystemDriver(root: folder.path), upstream: upstream,
            eviction: KeepingScheduler(), mayDelete: false)
        _ = try await mirror.manifest(.tag(tag), in: name)
        for blob in image.blobs {
            _ = try await mirror.blob(blob.digest, in: name).content.bytes()
        }
        await mirror.stop()
        let lines = """
            version: 0.1
            storage: {filesystem: {rootdirectory: \(folder.path)}}
            proxy: {remoteurl: 'https://registry.test', eviction: {maxsize: 1kB}}
            """
        let loaded = try LoadedConfiguration.parse(Array(lines.utf8), file: "c.yml")
        for _ in 0..<2 {
            let text = try await EvictionReport.text(loaded.configuration)
            #expect(text.hasPrefix("size ") && text.hasSuffix(" library/app latest\n"))
        }
    }
}

import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

/// A file whose bytes change where they lie, while it is open.
@Suite struct ScrubbedFileTests {
    private let folder: TemporaryFolder
    private let test: ScrubUnderTest
    private let blob = SampleBlob(seed: 72, size: 200_000)

    init() async throws {
        folder = try TemporaryFolder()
        test = ScrubUnderTest(over: try FileSystemDriver(root: folder.path))
        try await test.fetch([blob])
    }

    @Test func isReadToItsEndByNobodyOnceThatIsFound() async throws {
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        _ = try await content.bytes(count: 1000)
        let path = "\(folder.path)/\(StorageKey.data(blob.digest).path)"
        try Data(blob.flipped).write(to: URL(filePath: path))
        await test.start()
        #expect(test.report.damagedCount == 1)
        #expect(await test.integrity.test.error { _ = try await content.bytes(from: 1000) } != nil)
        #expect(try await test.integrity.pull(blob) == (.miss, true))
        let names = try FileManager.default.contentsOfDirectory(
            atPath: "\(folder.path)/mirrord/damaged")
        #expect(names.count == 1 && names[0].hasSuffix(blob.digest.hex))
        #expect(
            FileManager.default.contents(atPath: "\(folder.path)/mirrord/damaged/\(names[0])")
                == Data(blob.flipped))
    }
}

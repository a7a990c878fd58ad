import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

/// What killed processes left half-written.
@Suite struct SweepTests {
    private let folder: TemporaryFolder
    private let test: ExpiringMirror

    init() throws {
        folder = try TemporaryFolder()
        test = ExpiringMirror(over: try FileSystemDriver(root: folder.path))
    }

    private var passing: String { "\(folder.path)/~mirrord/passing" }

    /// Leaves a file on its way in, two hours old by the clock of the file system.
    private func leaveFile() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: passing, withIntermediateDirectories: true)
        #expect(files.createFile(atPath: "\(passing)/left", contents: Data([1])))
        try files.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7200)],
            ofItemAtPath: "\(passing)/left")
    }

    private var isSwept: Bool { !FileManager.default.fileExists(atPath: "\(passing)/left") }

    @Test func isRemovedAfterTheStartAndOnceADay() async throws {
        try leaveFile()
        await test.start()
        #expect(isSwept)
        try leaveFile()
        await test.pass(.seconds(24 * 3600) - ExpiringMirror.round)
        #expect(!isSwept)
        await test.pass(ExpiringMirror.round)
        #expect(isSwept)
    }

    @Test func costsNothingElseWhenItCannotBeRemoved() async throws {
        let image = SampleImage(seed: 81)
        let other = ExpiringMirror(over: test.storage)
        try await other.pull(image)
        try FileManager.default.removeItem(atPath: passing)
        try Data([1]).write(to: URL(filePath: passing))
        await test.start()
        #expect(test.log.messages(.warning).contains("the storage cannot be tidied"))
        #expect(try await test.use(image.manifest) == .hit)
    }
}

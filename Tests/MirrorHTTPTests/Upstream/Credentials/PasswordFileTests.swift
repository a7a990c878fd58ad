import MirrorCore
import MirrorSystem
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct PasswordFileTests {
    private let folder: TemporaryFolder
    private let sink = RecordingSink()
    private let seconds = SecondsUnderTest()

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { "\(folder.path)/password" }

    /// Puts another file in the place of the one that is there, as secrets are rotated.
    private func replace(_ text: String) throws {
        try SharedFile.open(path + ".new", for: .creating).write(Array(text.utf8), at: 0)
        try FileNames.rename(path + ".new", to: path)
    }

    private func file() throws -> PasswordFile {
        try PasswordFile(path, username: "ann", logger: Logger(sink: sink), now: seconds.now)
    }

    private func password(
        _ file: PasswordFile, refused: String? = nil
    ) async throws -> String {
        let refused = refused.map { RegistryCredentials(username: "ann", password: Secret($0)) }
        let found = await file.credentials(for: "auth.test", refused: refused)
        #expect(found?.username == "ann")
        return try #require(found?.secret.revealed)
    }

    @Test(arguments: [
        ("s3cret\n", "s3cret"), ("s3cret\r\n", "s3cret"), ("s3cret", "s3cret"),
        (" a b \n\n", " a b \n"),
    ])
    func theLineEndIsNoPartOfThePassword(_ content: String, _ expected: String) async throws {
        try replace(content)
        #expect(try await password(file()) == expected)
    }

    @Test func aChangeIsSeenWithinASecond() async throws {
        try replace("one\n")
        let file = try file()
        try replace("two\n")
        #expect(try await password(file) == "one", "it has just been looked at")
        seconds.advance()
        #expect(try await password(file) == "two")
        #expect(sink.messages(.info).count == 1)
    }

    @Test func aChangeInPlaceOfTheSameSizeIsSeen() async throws {
        try replace("one\n")
        let file = try file()
        try SharedFile.open(path, for: .updating).write(Array("two\n".utf8), at: 0)
        seconds.advance()
        #expect(try await password(file) == "two")
    }

    @Test func aRefusalMakesItLookAtOnce() async throws {
        try replace("one\n")
        let file = try file()
        try replace("two\n")
        #expect(try await password(file, refused: "one") == "two")
        try replace("three\n")
        #expect(try await password(file, refused: "one") == "two", "replaced since")
        #expect(try await password(file, refused: "two") == "three")
    }

    @Test func whileItCannotBeReadTheLastPasswordCounts() async throws {
        try replace("one\n")
        let file = try file()
        try FileNames.unlink(path)
        for _ in 0..<3 {
            seconds.advance()
            #expect(try await password(file) == "one")
        }
        try replace("")
        seconds.advance()
        #expect(try await password(file) == "one", "somebody is writing it")
        #expect(sink.messages(.error).count == 2, "each fault once")
        try replace("two\n")
        seconds.advance()
        #expect(try await password(file) == "two")
        let log = sink.records.map { "\($0)" }.joined()
        #expect(log.contains(path) && !log.contains("one") && !log.contains("two"))
    }

    @Test func withoutAPasswordToBeginWithThereIsNoFile() throws {
        #expect(fault(in: path) == "there is no such file")
        #expect(fault(in: folder.path) == "it is no file")
        try replace("\n")
        #expect(fault(in: path) == "it is empty")
        try FileNames.unlink(path)
        try SharedFile.open(path, for: .creating).write([0xff], at: 0)
        #expect(fault(in: path) == "it is not text in UTF-8")
    }

    private func fault(in path: String) -> String? {
        let error = #expect(throws: PasswordFileError.self) {
            try PasswordFile(path, username: "ann")
        }
        return error?.reason
    }
}

/// A monotonic clock that a test moves by seconds.
final class SecondsUnderTest: Sendable {
    private let seconds = Atomic<UInt64>(1)

    func advance(by count: UInt64 = 1) {
        seconds.wrappingAdd(count, ordering: .relaxed)
    }

    @Sendable func now() -> UInt64 { seconds.load(ordering: .relaxed) * 1_000_000_000 }
}

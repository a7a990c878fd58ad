import MirrorCore
import MirrorSystem
import MirrorTesting

@testable import MirrorHTTP

/// A credential helper that is a real program: it writes down each host that it is asked about,
/// and gives what a file holds.
struct HelperUnderTest {
    private let folder: TemporaryFolder
    let sink = RecordingSink()

    /// Of its own: what blocks must not hold up other tests.
    static let threads = BlockingPool(threadLimit: 16)

    /// A helper that fails as long as it is not told what to say.
    init() async throws {
        folder = try TemporaryFolder()
        let script = """
            #!/bin/sh
            test "$1" = get || exit 9
            cat >> "$0.hosts"
            echo >> "$0.hosts"
            cat "$0.answer" || exit 1
            """
        // Written by another process: a file that this one has open for writing, or a child of it
        // that is just being started, cannot be run.
        let writer = "cat > \"$0\" && chmod +x \"$0\""
        let program = Program("sh", arguments: ["-c", writer, command])
        _ = try await Self.threads.run { () throws(Program.Failure) in
            try program.run(input: Array(script.utf8))
        }
    }

    var command: String { "\(folder.path)/docker-credential-test" }

    /// The hosts that it was asked about, one for each time that it was run.
    var hosts: [String] {
        let bytes = (try? WholeFile.read(command + ".hosts", limit: 1 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Gives these credentials from now on.
    func give(_ username: String, _ secret: String) throws {
        let path = command + ".answer"
        let answer = #"{"ServerURL":"","Username":"\#(username)","Secret":"\#(secret)"}"#
        try SharedFile.open(path + ".new", for: .creating).write(Array(answer.utf8), at: 0)
        try FileNames.rename(path + ".new", to: path)
    }

    /// What asks it; its clock stands still.
    func source(lifetime: Duration? = nil) -> CredentialHelper {
        let program = Program(command, arguments: ["get"])
        return CredentialHelper(
            command, lifetime: lifetime, logger: Logger(sink: sink, level: .debug), now: { 1 },
            ask: { HelperAnswer(of: program, on: $0, hiding: $1) })
    }

    /// Whether a text is found in the log.
    func hasLogged(_ text: String) -> Bool {
        sink.records.contains { "\($0)".contains(text) }
    }
}

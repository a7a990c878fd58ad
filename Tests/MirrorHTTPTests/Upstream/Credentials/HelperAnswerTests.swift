import MirrorCore
import MirrorSystem
import Testing

@testable import MirrorHTTP

@Suite struct HelperAnswerTests {
    private func answer(
        _ output: String, errors: String = "", status: Int32 = 0, hiding: [Secret] = []
    ) async throws -> HelperAnswer {
        // The kernel's own words for a process that wrote and ended so.
        let script = "printf %s \"$1\"; printf %s \"$2\" >&2; exit \(status)"
        let program = Program("sh", arguments: ["-c", script, "sh", output, errors])
        let outcome = try await HelperUnderTest.threads.run { () throws(Program.Failure) in
            try program.run(input: [])
        }
        return HelperAnswer(outcome, hiding: hiding)
    }

    @Test func aNameAndASecretAreCredentials() async throws {
        let given = try await answer(
            #"{"ServerURL":"auth.test","Username":"ann","Secret":"s3cret"}"#)
        let ann = RegistryCredentials(username: "ann", password: Secret("s3cret"))
        #expect(given == .credentials(ann))
        #expect(!ann.isIdentityToken)
    }

    @Test func aNameInAngleBracketsMeansAToken() async throws {
        let given = try await answer(#"{"Username":"<token>","Secret":"t0ken"}"#)
        guard case .credentials(let credentials) = given else {
            Issue.record("no credentials: \(given)")
            return
        }
        #expect(credentials.isIdentityToken)
    }

    @Test(arguments: [
        ("credentials not found in native keychain\n", 1),
        (#"{"ServerURL":"","Username":"","Secret":""}"#, 0),
    ])
    func aHelperMayHaveNone(_ output: String, _ status: Int32) async throws {
        #expect(try await answer(output, status: status) == .none)
    }

    @Test(arguments: [
        ("", "no keyring\nmore\n", 1, "it ended with status 1: no keyring"),
        ("no keyring\n", "", 1, "it ended with status 1: no keyring"),
        ("", "\u{1b}[31mred\n", 2, "it ended with status 2: [31mred"),
        ("", "", 3, "it ended with status 3"),
        ("ann:s3cret", "", 0, "its answer has no Username and Secret"),
        (#"{"Username":"ann"}"#, "odd\n", 0, "its answer has no Username and Secret: odd"),
    ])
    func aFailureSaysWhatTheHelperSaid(
        _ output: String, _ errors: String, _ status: Int32, _ reason: String
    ) async throws {
        #expect(try await answer(output, errors: errors, status: status) == .failed(reason: reason))
    }

    @Test func noSecretIsRepeated() async throws {
        let given = try await answer(
            #"{"Username":"ann","Secret":"n3w"}"#, errors: "n3w is not old, says n3w\n", status: 1,
            hiding: [Secret("old"), Secret("")])
        #expect(
            given == .failed(reason: "it ended with status 1: *** is not ***, says ***"))
    }
}

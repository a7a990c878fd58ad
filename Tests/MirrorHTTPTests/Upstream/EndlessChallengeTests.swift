import MirrorCore
import Synchronization
import Testing

@testable import MirrorHTTP

/// An upstream that takes no token for one thing, and takes back those for another.
@Suite(.timeLimit(.minutes(10))) struct EndlessChallengeTests {
    /// An upstream to be asked from within the server's answers.
    private final class Asker: Sendable {
        let upstream = Mutex<RegistryUpstream?>(nil)
        let tokenCount = Mutex(0)
        let tries = Mutex(0)
        let otherTries = Mutex(0)
    }

    /// While one question's token is refused, another gets a new one that is taken: so the token
    /// at hand is never one of its own.
    @Test func aQuestionIsSentAFewTimesOnlyThoughOthersGetNewTokens() async throws {
        let asker = Asker()
        let repository = try #require(RepositoryName("library/app"))
        let (one, another) = (MirrorCore.Tag("one"), MirrorCore.Tag("another"))
        let (tag, otherTag) = (try #require(one), try #require(another))
        let server = try await LoopbackServer(on: TestLoops.group) { received in
            if received.head.target.hasPrefix("/token") {
                let number = asker.tokenCount.withLock { count in
                    count += 1
                    return count
                }
                return .response("200 OK", body: #"{"token":"t\#(number)","expires_in":300}"#)
            }
            if received.head.target.hasSuffix("/one") {
                let count = asker.tries.withLock { tries in
                    tries += 1
                    return tries
                }
                if count > 20 { return .response("404 Not Found") }
                let upstream = asker.upstream.withLock { $0 }
                _ = try? await upstream?.manifest(.tag(otherTag), in: repository)
            } else {
                let count = asker.otherTries.withLock { tries in
                    tries += 1
                    return tries
                }
                if count % 2 == 0 { return .response("200 OK", body: "content") }
            }
            let host = received.field(.host) ?? ""
            return .response(
                "401 Unauthorized",
                ["WWW-Authenticate: Bearer realm=\"http://\(host)/token\",service=\"svc\""])
        }
        let upstream = RegistryUpstream(
            server.url(), client: HTTPClient(group: TestLoops.group))
        asker.upstream.withLock { $0 = upstream }
        // From here on a token is at hand.
        _ = try? await upstream.manifest(.tag(otherTag), in: repository)
        let error = await #expect(throws: UpstreamError.self) {
            _ = try await upstream.manifest(.tag(tag), in: repository)
        }
        #expect(error?.code == .denied)
        #expect(asker.tries.withLock { $0 } == 4)
    }
}

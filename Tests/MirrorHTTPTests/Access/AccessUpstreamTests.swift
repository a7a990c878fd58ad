import MirrorCore
import Testing

@testable import MirrorHTTP

/// How a registry is asked what somebody's credentials allow.
@Suite(.timeLimit(.minutes(10))) struct AccessUpstreamTests {
    private let repository: RepositoryName
    private let tag: Reference
    private let digest = Digest(of: [1])
    private let secret = Secret("Bearer t0ken")

    init() throws {
        repository = try #require(RepositoryName("library/app"))
        let latest = MirrorCore.Tag("latest")
        tag = .tag(try #require(latest))
    }

    private func upstream(_ server: LoopbackServer) -> RegistryUpstream {
        var timeouts = ClientTimeouts()
        timeouts.access = .seconds(60)
        let client = HTTPClient(group: TestLoops.group, timeouts: timeouts)
        return RegistryUpstream(server.url("/base/"), client: client)
    }

    private func server(
        _ answer: @escaping @Sendable (LoopbackServer.Received) -> LoopbackServer.Answer
    ) async throws -> LoopbackServer {
        try await LoopbackServer(on: TestLoops.group) { answer($0) }
    }

    @Test func eachQuestionIsOneRequestWithTheVeryHeader() async throws {
        let server = try await server { _ in .response("200 OK") }
        let probes: [AccessProbe] = [
            .base, .manifest(tag, in: repository), .blob(digest, in: repository),
            .tags(in: repository),
        ]
        for probe in probes {
            #expect(try await upstream(server).answer(to: probe, with: secret) == .granted)
        }
        #expect(
            server.lines == [
                "GET /base/v2/", "HEAD /base/v2/library/app/manifests/latest",
                "HEAD /base/v2/library/app/blobs/\(digest)",
                "GET /base/v2/library/app/tags/list?n=1",
            ])
        #expect(server.received.allSatisfy { $0.field(.authorization) == "Bearer t0ken" })
        _ = try await upstream(server).answer(to: .base, with: nil)
        #expect(server.received.last?.field(.authorization) == nil)
    }

    @Test func theChallengesComeAsTheyAre() async throws {
        let server = try await server { _ in
            .response(
                "401 Unauthorized",
                ["WWW-Authenticate: Bearer realm=\"r\",scope=\"s\"", "WWW-Authenticate: Basic"])
        }
        let answer = try await upstream(server).answer(
            to: .manifest(tag, in: repository), with: secret)
        #expect(
            answer == .unauthorized(challenges: ["Bearer realm=\"r\",scope=\"s\"", "Basic"]))
        #expect(server.lines.count == 1)
    }

    @Test(arguments: [
        ("401 Unauthorized", AccessAnswer.denied), ("403 Forbidden", .denied),
    ])
    func withoutAChallengeItIsDenied(_ status: String, _ expected: AccessAnswer) async throws {
        let server = try await server { _ in .response(status) }
        let answer = try await upstream(server).answer(
            to: .manifest(tag, in: repository), with: secret)
        #expect(answer == expected)
    }

    @Test(arguments: [
        "404 Not Found", "405 Method Not Allowed", "501 Not Implemented",
    ])
    func whatIsMissingLeavesItToTheTags(_ status: String) async throws {
        for (tags, expected) in [
            ("200 OK", AccessAnswer.granted), ("404 Not Found", .notFound),
            ("403 Forbidden", .notFound), ("503 Oops", .notFound),
        ] {
            let server = try await server { received in
                .response(
                    received.head.target.contains("/tags/") ? tags : status,
                    isHead: received.head.method == .head)
            }
            let answer = try await upstream(server).answer(
                to: .manifest(tag, in: repository), with: secret)
            #expect(answer == expected)
        }
    }

    @Test func aBlobIsAskedForByOneByteWhereHeadIsRefused() async throws {
        let server = try await server { received in
            received.head.method == .head
                ? .response("401 Unauthorized", ["WWW-Authenticate: Bearer realm=\"r\""])
                : .response("206 Partial Content", ["Content-Range: bytes 0-0/9"], body: "x")
        }
        let answer = try await upstream(server).answer(
            to: .blob(digest, in: repository), with: secret)
        #expect(answer == .granted)
        #expect(server.received.last?.field(.range) == "bytes=0-0")
    }

    @Test func aRedirectIsNotFollowedAndProvesSomethingOfABlobOnly() async throws {
        let elsewhere = try await server { _ in .response("200 OK") }
        let place = elsewhere.url("/x", host: "localhost").text
        let server = try await server { _ in
            .response("307 Temporary Redirect", ["Location: \(place)"])
        }
        let upstream = upstream(server)
        let blob = try await upstream.answer(to: .blob(digest, in: repository), with: secret)
        #expect(blob == .granted)
        for probe in [AccessProbe.base, .manifest(tag, in: repository), .tags(in: repository)] {
            await #expect(throws: UpstreamError.self) {
                _ = try await upstream.answer(to: probe, with: secret)
            }
        }
        #expect(elsewhere.received.isEmpty)
    }

    @Test func aRedirectToTheSameHostProvesNothing() async throws {
        let server = try await server { _ in .response("302 Found", ["Location: /login"]) }
        await #expect(throws: UpstreamError.self) {
            _ = try await upstream(server).answer(
                to: .blob(digest, in: repository), with: secret)
        }
        #expect(!server.lines.contains { $0.contains("login") })
    }

    @Test(arguments: [
        ("429 Too Many Requests", UpstreamError.Code.rateLimited), ("503 Oops", .unavailable),
        ("400 Bad Request", .invalid),
    ])
    func otherAnswersAreNone(_ status: String, _ code: UpstreamError.Code) async throws {
        let server = try await server { _ in .response(status, ["Retry-After: 7"]) }
        let error = await #expect(throws: UpstreamError.self) {
            _ = try await upstream(server).answer(to: .base, with: secret)
        }
        #expect(error?.code == code)
        #expect(error?.reason.contains("t0ken") == false)
    }
}

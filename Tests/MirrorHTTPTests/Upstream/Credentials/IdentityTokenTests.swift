import MirrorCore
import Synchronization
import Testing

@testable import MirrorHTTP

/// Identity tokens, which are exchanged at the token service.
@Suite(.timeLimit(.minutes(10))) struct IdentityTokenTests {
    private let repository: RepositoryName
    private let tag: MirrorCore.Tag

    init() throws {
        repository = try #require(RepositoryName("library/app"))
        let latest = MirrorCore.Tag("latest")
        tag = try #require(latest)
    }

    /// A registry whose token service answers POST as `tokens` says.
    private func registry(
        tokens: @escaping @Sendable (String) -> LoopbackServer.Answer
    ) async throws -> LoopbackServer {
        try await LoopbackServer(on: TestLoops.group) { received in
            if received.line == "POST /token" {
                return tokens(String(decoding: received.body, as: UTF8.self))
            }
            if received.field(.authorization) == "Bearer good" {
                return .response("200 OK", body: "content")
            }
            let realm = "http://\(received.field(.host) ?? "")/token"
            return .response(
                "401 Unauthorized",
                ["WWW-Authenticate: Bearer realm=\"\(realm)\",service=\"svc\""])
        }
    }

    private func upstream(
        _ server: LoopbackServer, _ source: any CredentialSource
    ) -> RegistryUpstream {
        RegistryUpstream(
            server.url(), credentials: source, client: HTTPClient(group: TestLoops.group))
    }

    private func identity(_ token: String) -> RegistryCredentials {
        RegistryCredentials(username: "<token>", password: Secret(token))
    }

    private static func good(_ form: String) -> LoopbackServer.Answer {
        .response("200 OK", body: #"{"access_token":"good","expires_in":300}"#)
    }

    @Test func itIsExchangedByOAuth2() async throws {
        let server = try await registry(tokens: Self.good)
        let upstream = upstream(server, identity("a&b"))
        #expect(try await upstream.manifest(.tag(tag), in: repository).bytes.count == 7)
        let grants = server.received.filter { $0.head.method == .post }
        #expect(grants.count == 1)
        #expect(
            String(decoding: grants[0].body, as: UTF8.self)
                == "grant_type=refresh_token&client_id=mirrord&service=svc"
                + "&scope=repository:library/app:pull&refresh_token=a%26b")
        #expect(grants[0].field(.contentType) == "application/x-www-form-urlencoded")
        #expect(grants[0].field(.authorization) == nil)
    }

    @Test(arguments: ["404 Not Found", "405 Method Not Allowed"])
    func aServiceThatTakesNoneIsSaidSo(_ status: String) async throws {
        let server = try await registry { _ in .response(status) }
        let error = await #expect(throws: UpstreamError.self) {
            _ = try await upstream(server, identity("t0ken")).manifest(.tag(tag), in: repository)
        }
        #expect(error?.code == .invalid)
        #expect(error?.reason.contains("takes no identity tokens") == true)
        #expect(error?.reason.contains("t0ken") == false)
    }

    @Test func anotherIsTriedWhereOneIsRefused() async throws {
        let server = try await registry { form in
            form.contains("refresh_token=new")
                ? Self.good(form)
                : .response("400 Bad Request", body: #"{"error":"invalid_grant"}"#)
        }
        let (old, new) = (identity("old"), identity("new"))
        let source = CredentialHelper("x", lifetime: nil, logger: .disabled, now: { 1 }) {
            _, hidden in
            .credentials(hidden.isEmpty ? old : new)
        }
        let upstream = upstream(server, source)
        #expect(try await upstream.manifest(.tag(tag), in: repository).bytes.count == 7)
    }

    @Test func basicAuthenticationHasNoUseForOne() async throws {
        let server = try await LoopbackServer(on: TestLoops.group) { _ in
            .response("401 Unauthorized", ["WWW-Authenticate: Basic realm=\"r\""])
        }
        let error = await #expect(throws: UpstreamError.self) {
            _ = try await upstream(server, identity("t0ken")).manifest(.tag(tag), in: repository)
        }
        #expect(error?.code == .denied)
        #expect(server.received.allSatisfy { $0.field(.authorization) == nil })
    }
}

import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

/// What the registry's API asks access control, and how it tells clients what that says.
@Suite struct AccessAPITests {
    private let controller = ControllerDouble()
    private let image = SampleImage(seed: 3)

    private func registry(
        _ upstreams: UpstreamDirectory = UpstreamDirectory()
    ) -> RegistryUnderTest {
        var options = RegistryResponder.Options()
        options.access = controller
        options.upstreams = upstreams
        let registry = RegistryUnderTest(options)
        registry.upstream.add(image.manifest, "v1")
        return registry
    }

    @Test func everythingThatShowsContentIsAskedAboutAndNothingElse() async throws {
        let registry = registry()
        let app = try #require(RepositoryName("library/app"))
        let found = MirrorCore.Tag("v1")
        let tag = Reference.tag(try #require(found))
        let digest = Digest(of: [])
        for target in [
            "/v2/", "/v2/_catalog", "/v2/library/app/manifests/v1",
            "/v2/library/app/manifests/\(digest)", "/v2/library/app/blobs/\(digest)",
            "/v2/library/app/tags/list", "/v2/library/app/referrers/\(digest)",
        ] {
            for method in ["GET", "HEAD"] { _ = await registry.ask(method, target) }
        }
        let expected: [AccessScope] = [
            .base(nil), .catalog, .pull(app, .manifest(tag)),
            .pull(app, .manifest(.digest(digest))), .pull(app, .blob(digest)),
            .pull(app, .tags), .pull(app, .referrers(digest)),
        ]
        #expect(controller.scopes == expected.flatMap { [$0, $0] })
        for (method, target) in [
            ("GET", "/"), ("GET", "/v2"), ("GET", "/other"), ("GET", "/v2/A/tags/list"),
            ("PUT", "/v2/library/app/manifests/v1"), ("POST", "/v2/library/app/blobs/uploads/"),
        ] {
            _ = await registry.ask(method, target)
        }
        #expect(controller.scopes.count == 2 * expected.count)
    }

    @Test func whoIsUnauthorizedIsToldHowToAuthenticateAndForWhat() async {
        let challenges = ["Bearer realm=\"r\"", "Basic realm=\"b\""]
        controller.decision = .refused(AccessRefusal(.unauthorized(challenges: challenges)))
        let answer = await registry().ask("GET", "/v2/library/app/manifests/v1")
        #expect(answer.status == .unauthorized)
        #expect(answer.fields.values(of: .wwwAuthenticate) == challenges)
        #expect(answer[.dockerAPIVersion] == "registry/2.0")
        #expect(
            answer.text
                == #"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","#
                + #""detail":[{"Type":"repository","Class":"","Name":"library/app","#
                + #""Action":"pull"}]}]}"# + "\n")
        let base = await registry().ask("GET", "/v2/")
        #expect(base.status == .unauthorized)
        #expect(!base.text.contains("detail"))
    }

    @Test(arguments: [
        (AccessRefusal.Kind.denied, 403, "DENIED"), (.notFound, 404, "MANIFEST_UNKNOWN"),
        (.unavailable, 503, "UNAVAILABLE"),
    ])
    func otherRefusalsHaveTheirStatus(
        _ kind: AccessRefusal.Kind, _ status: Int, _ code: String
    ) async {
        controller.decision = .refused(
            AccessRefusal(kind, "because", retryAfter: .milliseconds(1500)))
        let registry = registry()
        let answer = await registry.ask("GET", "/v2/library/app/manifests/v1")
        #expect(answer.status.code == status)
        #expect(answer.text.contains("\"code\":\"\(code)\""))
        #expect(answer.text.contains("\"detail\":\"because\""))
        #expect(answer[.retryAfter] == "2")
        #expect(answer.note("err.detail") == .string("because"))
        #expect(registry.upstream.questions.isEmpty)
    }

    @Test func theLogNamesTheClientAlsoOfAnError() async {
        controller.decision = .allowed(AccessGrant(user: "ann", basis: "asked"))
        for target in ["/v2/library/app/manifests/v1", "/v2/library/app/manifests/missing"] {
            let answer = await registry().ask("GET", target)
            #expect(answer.user == "ann")
            #expect(answer.note("access") == .string("asked"))
        }
    }

    @Test func aClientWithACertificateOfAnotherNameIsKnownByBoth() async {
        controller.decision = .allowed(AccessGrant(user: "ann"))
        for (name, subject) in [("ann", nil), ("builder", "CN=builder,O=Example")] {
            let identity = TLSClientIdentity(subject: "CN=\(name),O=Example", name: name)
            let answer = await registry().ask("GET", "/v2/", identity: identity)
            #expect(answer.user == "ann")
            #expect(answer.note("auth.certificate.subject") == subject.map { .string($0) })
        }
    }

    /// What was allowed and is denied then is decided anew, and answered by that.
    @Test func aGrantThatTheUpstreamDeniesIsDecidedAnew() async {
        let credential = ClientCredential(
            identity: .client("ann"), secret: Secret("x"), audience: "a")
        controller.decision = .allowed(AccessGrant(credential: credential))
        let registry = registry()
        registry.upstream.fail(with: UpstreamError(.denied, "401"))
        let denied = await registry.ask("GET", "/v2/library/app/manifests/v1")
        #expect(denied.status == .notFound)
        #expect(controller.newQuestionCount == 1)
        controller.refuseAnew(AccessRefusal(.unauthorized(challenges: ["Basic"])))
        let refused = await registry.ask("GET", "/v2/library/app/manifests/v1")
        #expect(refused.status == .unauthorized)
        registry.upstream.fail(with: UpstreamError(.unavailable, "503"))
        _ = await registry.ask("GET", "/v2/library/app/manifests/v1")
        #expect(controller.newQuestionCount == 2)
    }

    @Test func eachRegistryDecidesForItself() async throws {
        let name = try #require(UpstreamName("ghcr.io"))
        let other = ControllerDouble()
        let routed = RoutedAccess(main: OpenAccess(), others: [name: other])
        other.decision = .refused(AccessRefusal(.denied))
        var options = RegistryResponder.Options()
        options.access = routed
        options.upstreams = UpstreamDirectory(main: .init(.dockerHub), others: [.init(name)])
        let registry = RegistryUnderTest(options)
        registry.upstream.add(image.manifest, "v1")
        for (target, host, status) in [
            ("/v2/library/app/manifests/v1", "m", 200), ("/v2/", "m", 200),
            ("/v2/?ns=docker.io", "ghcr.io", 200), ("/v2/?ns=ghcr.io", "m", 403),
            ("/v2/", "ghcr.io", 403), ("/v2/owner/app/manifests/v1?ns=ghcr.io", "m", 403),
            ("/v2/ghcr.io/owner/app/manifests/v1", "m", 403), ("/v2/_catalog", "m", 403),
        ] {
            let answer = await registry.ask("GET", target, [.host: host])
            #expect(answer.status.code == status, "\(target) at \(host)")
        }
        let app = try #require(RepositoryName("owner/app"))
        let found = MirrorCore.Tag("v1")
        let tag = Reference.tag(try #require(found))
        #expect(
            other.scopes == [
                .base(name), .base(name), .pull(app, .manifest(tag)), .pull(app, .manifest(tag)),
                .catalog,
            ])
    }
}

/// Decides as a test says, and remembers what it was asked.
private final class ControllerDouble: AccessController {
    private struct State {
        var decision = AccessDecision.allowed(AccessGrant())
        var decisionAnew: AccessDecision?
        var questions: [AccessRequest] = []
    }

    private let state = Mutex(State())

    var decision: AccessDecision {
        get { state.withLock { $0.decision } }
        set { state.withLock { $0.decision = newValue } }
    }

    var scopes: [AccessScope] { state.withLock { $0.questions.map(\.scope) } }

    /// How often it was asked to decide what it had decided.
    var newQuestionCount: Int { state.withLock { $0.questions.count { $0.mustAskAnew } } }

    func refuseAnew(_ refusal: AccessRefusal) {
        state.withLock { $0.decisionAnew = .refused(refusal) }
    }

    func decide(_ request: AccessRequest) async -> AccessDecision {
        state.withLock { state in
            state.questions.append(request)
            return request.mustAskAnew ? state.decisionAnew ?? state.decision : state.decision
        }
    }
}

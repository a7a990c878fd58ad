import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

/// That access control is before everything that shows what the mirror has.
@Suite struct ClosedRouteTests {
    private let image = SampleImage(seed: 3)
    private let registry: RegistryUnderTest

    init() {
        var options = RegistryResponder.Options()
        options.access = NobodyMay()
        registry = RegistryUnderTest(options)
        registry.upstream.add(image.manifest, "v1")
    }

    /// One path for each kind of route, and whether something is to be seen there. A new kind
    /// does not compile before it is decided here.
    private static func isClosed(_ route: RegistryRoute) -> Bool {
        switch route {
        case .base, .catalog, .manifest, .blob, .tags, .referrers: true
        case .alive, .baseWithoutSlash, .upload, .invalidName, .invalidReference, .invalidDigest,
            .unknown:
            false
        }
    }

    private var paths: [String] {
        [
            "/", "/v2", "/v2/", "/v2/_catalog", "/v2/library/app/manifests/v1",
            "/v2/library/app/manifests/\(image.manifest.digest)",
            "/v2/library/app/blobs/\(image.manifest.digest)", "/v2/library/app/tags/list",
            "/v2/library/app/referrers/\(image.manifest.digest)",
            "/v2/library/app/blobs/uploads/", "/v2/A/tags/list", "/v2/library/app/manifests/%20",
            "/v2/library/app/blobs/sha256:0", "/other",
        ]
    }

    private func route(_ path: String) -> RegistryRoute {
        RequestTarget(path).withPath { RegistryRoute(path: $0, prefix: "/") } ?? .unknown
    }

    @Test func nobodyGetsPast() async {
        var kinds: Set<String> = []
        for path in paths {
            let route = route(path)
            kinds.insert(String("\(route)".prefix { $0 != "(" }))
            for method in ["GET", "HEAD"] {
                for query in ["", "?ns=docker.io", "?n=1&last=a"] {
                    let answer = await registry.ask(method, path + query)
                    let isRefused = answer.status == .unauthorized
                    #expect(isRefused == Self.isClosed(route), "\(method) \(path)\(query)")
                    #expect(isRefused == (answer[.wwwAuthenticate] != nil))
                    #expect(answer[.dockerContentDigest] == nil)
                }
            }
            for method in ["PUT", "POST", "PATCH", "DELETE", "OPTIONS"] {
                let answer = await registry.ask(method, path)
                #expect(answer.status != .ok || route == .alive, "\(method) \(path)")
                #expect(answer[.dockerContentDigest] == nil)
            }
        }
        #expect(kinds.count == 13, "a kind of route without a path here: \(kinds.sorted())")
        #expect(registry.upstream.questions.isEmpty)
    }

    @Test func whatIsHeldIsNotShownEither() async {
        var options = RegistryResponder.Options()
        let switchable = SwitchableAccess()
        options.access = switchable
        let registry = RegistryUnderTest(options)
        registry.upstream.add(image.manifest, "v1")
        for path in paths where Self.isClosed(route(path)) {
            switchable.isOpen = true
            let open = await registry.ask("GET", path)
            switchable.isOpen = false
            let closed = await registry.ask("GET", path)
            #expect(closed.status == .unauthorized)
            #expect(open.text.isEmpty || !closed.text.contains(open.text))
        }
    }

    @Test func theScopeHasTheNameThatTellsWhichRepositoryIsMeant() async throws {
        let name = try #require(UpstreamName("ghcr.io"))
        var options = RegistryResponder.Options()
        options.access = NobodyMay()
        options.upstreams = UpstreamDirectory(main: .init(.dockerHub), others: [.init(name)])
        let registry = RegistryUnderTest(options)
        for (path, host, called) in [
            ("/v2/app/tags/list", "m", "app"), ("/v2/library/app/tags/list", "m", "library/app"),
            ("/v2/app/tags/list?ns=docker.io", "m", "app"),
            ("/v2/docker.io/library/app/tags/list", "m", "docker.io/library/app"),
            ("/v2/ghcr.io/a/app/tags/list", "m", "ghcr.io/a/app"),
            // A token for a/app of Docker Hub must not open that of ghcr.io.
            ("/v2/a/app/tags/list?ns=ghcr.io", "m", "ghcr.io/a/app"),
            ("/v2/a/app/tags/list", "ghcr.io", "ghcr.io/a/app"),
        ] {
            let answer = await registry.ask("GET", path, [.host: host])
            #expect(answer[.wwwAuthenticate] == "scope=repository:\(called):pull", "\(path)")
            #expect(answer.text.contains("\"Name\":\"\(called)\""))
        }
    }
}

/// Refuses everything, and says for what.
private struct NobodyMay: AccessController {
    func decide(_ request: AccessRequest) async -> AccessDecision {
        let scope = request.resource?.scope ?? ""
        return .refused(AccessRefusal(.unauthorized(challenges: ["scope=\(scope)"])))
    }
}

/// Allows all or nothing.
private final class SwitchableAccess: AccessController {
    private let state = Atomic(false)

    var isOpen: Bool {
        get { state.load(ordering: .relaxed) }
        set { state.store(newValue, ordering: .relaxed) }
    }

    func decide(_ request: AccessRequest) async -> AccessDecision {
        isOpen
            ? .allowed(AccessGrant())
            : .refused(AccessRefusal(.unauthorized(challenges: ["Basic"])))
    }
}

import MirrorCore
import MirrorSystem
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

/// Upstreams whose account changes while the mirror runs, and clients who do not notice.
@Suite(.timeLimit(.minutes(10))) struct ChangingCredentialTests {
    private let upstream: ScriptedUpstream
    private let helper: HelperUnderTest
    private let image = SampleImage(seed: 16)

    init() async throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
        helper = try await HelperUnderTest()
    }

    /// How an upstream wants to be shown a name and a password.
    static let schemes: [@Sendable (String) -> UpstreamAccess] = [
        { .bearer(TokenPolicy(user: "ann", password: $0)) }, { .basic(user: "ann", password: $0) },
    ]

    @Test(arguments: [0, 1])
    func aHelperGivesTheAccountOnce(_ scheme: Int) async throws {
        upstream.require(Self.schemes[scheme]("s3cret"))
        try helper.give("ann", "s3cret")
        let mirror = try await ServedMirror(of: upstream, credentials: helper.source())
        for blob in image.blobs { #expect(try await mirror.pull(blob).receiveRest()) }
        upstream.revokeTokens()
        let manifest = try await mirror.ask("GET /v2/library/app/manifests/latest")
        #expect(manifest.status == 200)
        #expect(helper.hosts == [upstream.host])
    }

    @Test(arguments: [0, 1])
    func newCredentialsOfAHelperAreFoundByThe401(_ scheme: Int) async throws {
        upstream.require(Self.schemes[scheme]("old"))
        try helper.give("ann", "old")
        let mirror = try await ServedMirror(of: upstream, credentials: helper.source())
        #expect(try await mirror.pull(image.layers[0]).receiveRest())
        upstream.require(Self.schemes[scheme]("new"))
        upstream.revokeTokens()
        try helper.give("ann", "new")
        #expect(try await mirror.pull(image.layers[1]).receiveRest())
        #expect(helper.hosts.count == 2)
        for secret in ["old", "new"] { #expect(!helper.hasLogged(secret)) }
    }

    @Test(arguments: [0, 1])
    func aNewPasswordInAFileIsFoundByThe401(_ scheme: Int) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/password"
        func write(_ password: String) throws {
            try SharedFile.open(path + ".new", for: .creating).write(Array(password.utf8), at: 0)
            try FileNames.rename(path + ".new", to: path)
        }
        try write("old\n")
        upstream.require(Self.schemes[scheme]("old"))
        // The clock stands still: only the refusal makes it look again.
        let file = try PasswordFile(path, username: "ann", logger: .disabled) { 0 }
        let mirror = try await ServedMirror(of: upstream, credentials: file)
        #expect(try await mirror.pull(image.layers[0]).receiveRest())
        try write("new\n")
        upstream.require(Self.schemes[scheme]("new"))
        upstream.revokeTokens()
        #expect(try await mirror.pull(image.layers[1]).receiveRest())
    }

    @Test func aHelperThatFailsLeavesTheMirrorANobody() async throws {
        upstream.require(.bearer(TokenPolicy()))
        let mirror = try await ServedMirror(of: upstream, credentials: helper.source())
        for blob in image.blobs { #expect(try await mirror.pull(blob).receiveRest()) }
        #expect(helper.hosts.count == 1)
        #expect(helper.sink.messages(.error).count == 1)
        let tokens = upstream.requests(.token)
        #expect(tokens.count == 1, "nobody's token is kept like others")
        #expect(tokens.allSatisfy { $0.field("Authorization") == nil })
    }

    @Test(arguments: [0, 1])
    func wrongCredentialsAreTriedTwiceAndNotForEachRequest(_ scheme: Int) async throws {
        upstream.require(Self.schemes[scheme]("right"))
        try helper.give("ann", "wrong")
        let mirror = try await ServedMirror(of: upstream, credentials: helper.source())
        for blob in image.blobs {
            #expect(try await mirror.ask("GET \(ServedMirror.path(of: blob))").status == 404)
        }
        #expect(helper.hosts.count == 2)
        #expect(!helper.hasLogged("wrong"))
    }

    /// A registry that denies one repository does so with 401, whoever asks.
    @Test func aDeniedRepositoryTakesNoTokenFromTheOthers() async throws {
        upstream.require(.bearer(TokenPolicy(user: "ann", password: "s3cret")))
        try helper.give("ann", "s3cret")
        let mirror = try await ServedMirror(of: upstream, credentials: helper.source())
        #expect(try await mirror.pull(image.layers[0]).receiveRest())
        upstream.fail(.any.within("library/denied"), with: .status(401))
        #expect(try await mirror.ask("GET /v2/library/denied/manifests/latest").status == 404)
        #expect(try await mirror.pull(image.layers[1]).receiveRest())
        let tokens = upstream.requests(.token).filter {
            $0.query("scope") == "repository:library/app:pull"
        }
        #expect(tokens.count == 1)
    }

    @Test func anotherAccountHasRateLimitsOfItsOwn() async throws {
        let observer = IdentitiesUnderTest()
        try helper.give("ann", "a")
        upstream.require(.basic(user: "ann", password: "a"))
        let fetcher = RegistryUpstream(
            try #require(HTTPURL(upstream.url)), credentials: helper.source(),
            client: HTTPClient(group: TestLoops.group), rateLimits: observer)
        let repository = try #require(RepositoryName("library/app"))
        _ = try await fetcher.blobInfo(image.layers[0].digest, in: repository)
        try helper.give("bob", "b")
        upstream.require(.basic(user: "bob", password: "b"))
        _ = try await fetcher.blobInfo(image.layers[0].digest, in: repository)
        #expect(observer.identities == [.account("ann"), .account("bob")])
    }
}

/// Remembers as whom answers were got.
private final class IdentitiesUnderTest: RateLimitObserver {
    private let state = Mutex<[UpstreamIdentity]>([])

    var identities: [UpstreamIdentity] { state.withLock { $0 } }

    func didAnswer(as identity: UpstreamIdentity, stating limit: RateLimit?) {
        state.withLock { $0.append(identity) }
    }
}

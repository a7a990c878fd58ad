import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

/// Who may read, by what an upstream says of their credentials.
@Suite(.timeLimit(.minutes(10))) struct ClientTokenAccessTests {
    private let upstream = AccessDouble()
    private let seconds = SecondsUnderTest()
    private let sink = RecordingSink()
    private let app: RepositoryName
    private let manifest: PullSubject
    private let blob = PullSubject.blob(Digest(of: [2]))

    init() throws {
        app = try #require(RepositoryName("library/app"))
        manifest = .manifest(.digest(Digest(of: [1])))
    }

    private func access(lendsCredentials: Bool = false) -> ClientTokenAccess {
        ClientTokenAccess(
            upstream, named: "https://r.test", lendsCredentials: lendsCredentials,
            settings: ClientTokenSettings(), logger: Logger(sink: sink), now: seconds.now,
            wallTime: { .seconds(1_700_000_000) })
    }

    private func decide(
        _ access: ClientTokenAccess, _ header: String?, _ subject: PullSubject? = nil,
        anew: Bool = false
    ) async -> AccessDecision {
        var head = RequestHead(method: .get, target: "/")
        if let header { head.fields.append(.authorization, header) }
        var request = AccessRequest(
            Request(head: head, remoteAddress: "192.0.2.1"), for: .pull(app, subject ?? manifest))
        request.mustAskAnew = anew
        return await access.decide(request)
    }

    @Test func aClientThatUpstreamLetsReadMayReadForAMinute() async {
        let access = access()
        upstream.let("Bearer good")
        #expect(await decide(access, "Bearer good").basis == "asked")
        for subject in [manifest, blob, .tags] {
            #expect(await decide(access, "Bearer good", subject).basis == "remembered")
        }
        #expect(upstream.questions.count == 1)
        seconds.advance(by: 60)
        #expect(await decide(access, "Bearer good").basis == "asked")
    }

    @Test func aClientWithoutCredentialsIsToldTheChallengeFromMemory() async {
        let access = access()
        for _ in 0..<3 {
            let decision = await decide(access, nil)
            #expect(decision.refusal == .unauthorized(challenges: [AccessDouble.challenge]))
        }
        #expect(upstream.questions == ["\(manifest) as nobody"])
    }

    @Test func oneClientsRightIsNotAnothers() async {
        let access = access()
        upstream.let("Bearer good")
        _ = await decide(access, "Bearer good")
        for header in ["Bearer bad", "Basic good", "bearer good", nil] {
            #expect(await decide(access, header).refusal != nil)
        }
        _ = await decide(access, "Bearer bad")
        #expect(upstream.questions.filter { $0.contains("Bearer bad") }.count == 1)
        seconds.advance(by: 5)
        upstream.let("Bearer bad")
        #expect(await decide(access, "Bearer bad").basis == "asked")
    }

    @Test func ofABlobUpstreamIsAskedByAManifestThatItHas() async {
        let access = access()
        upstream.let("Bearer one")
        upstream.let("Bearer two")
        _ = await decide(access, "Bearer one", blob)
        _ = await decide(access, "Bearer two", manifest)
        seconds.advance(by: 60)
        _ = await decide(access, "Bearer one", blob)
        #expect(
            upstream.questions == [
                "\(blob) as Bearer one", "\(manifest) as Bearer two", "\(manifest) as Bearer one",
            ])
    }

    @Test func manyAtOnceAreOneQuestion() async {
        let access = access()
        upstream.let("Bearer good")
        let gate = upstream.hold()
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { await decide(access, "Bearer good").basis } }
            await upstream.asked()
            // Each of them has got as far as it gets by itself.
            for _ in 0..<200 { await Task.yield() }
            gate.open()
            for await basis in group { #expect(basis != nil) }
        }
        #expect(upstream.questions.count == 1)
    }

    @Test func whileUpstreamCannotSayARecentGrantCounts() async {
        let access = access()
        upstream.let("Bearer good")
        _ = await decide(access, "Bearer good")
        upstream.fail(with: UpstreamError(.unavailable, "down", retryAfter: .seconds(7)))
        seconds.advance(by: 3599)
        #expect(await decide(access, "Bearer good").basis == "stale")
        seconds.advance()
        for header in ["Bearer good", "Bearer other", nil] {
            guard case .refused(let refusal) = await decide(access, header) else {
                Issue.record("\(header ?? "nobody") may read")
                continue
            }
            #expect(refusal.kind == .unavailable)
            #expect(refusal.retryAfter == .seconds(7))
        }
        #expect(sink.messages(.warning).count == 3)
        #expect(!sink.records.contains { "\($0)".contains("good") })
    }

    @Test func whatIsAllowedIsAskedAboutAnewWhereItTurnsOutNotToBe() async {
        let access = access()
        upstream.let("Bearer good")
        _ = await decide(access, "Bearer good")
        upstream.takeBack("Bearer good")
        #expect(await decide(access, "Bearer good").basis == "remembered")
        #expect(await decide(access, "Bearer good", anew: true).refusal != nil)
        #expect(await decide(access, "Bearer good").refusal != nil)
    }

    @Test func credentialsAreLentWhereTheMirrorHasNone() async throws {
        upstream.let("Basic YW5uOnMzY3JldA==")
        let decision = await decide(access(lendsCredentials: true), "Basic YW5uOnMzY3JldA==")
        let credential = try #require(decision.grant?.credential)
        #expect(credential.secret.revealed == "Basic YW5uOnMzY3JldA==")
        #expect(credential.audience == "https://r.test")
        #expect(decision.grant?.user == "ann")
        #expect(!"\(decision)".contains("YW5u"))
        let own = await decide(access(), "Basic YW5uOnMzY3JldA==")
        #expect(own.grant?.credential == nil)
    }

    @Test func theCatalogIsForNobody() async {
        let request = AccessRequest(
            Request(head: RequestHead(method: .get, target: "/"), remoteAddress: "a"),
            for: .catalog)
        #expect(await access().decide(request).refusal == .denied)
        #expect(upstream.questions.isEmpty)
    }
}

extension AccessDecision {
    var grant: AccessGrant? {
        if case .allowed(let grant) = self { grant } else { nil }
    }

    var basis: String? { grant?.basis }

    var refusal: AccessRefusal.Kind? {
        if case .refused(let refusal) = self { refusal.kind } else { nil }
    }
}

/// An upstream that lets read whom a test says.
private final class AccessDouble: AccessUpstream {
    static let challenge = "Bearer realm=\"https://auth.test/token\""

    private struct State {
        var allowed: Set<String> = []
        var error: UpstreamError?
        var gate: Gate?
        var questions: [String] = []
    }

    private let state = Mutex(State())
    private let wasAsked = Gate()

    var questions: [String] { state.withLock { $0.questions } }

    func `let`(_ header: String) {
        state.withLock { _ = $0.allowed.insert(header) }
    }

    func takeBack(_ header: String) {
        state.withLock { _ = $0.allowed.remove(header) }
    }

    func fail(with error: UpstreamError) {
        state.withLock { $0.error = error }
    }

    func hold() -> Gate {
        state.withLock { state in
            let gate = Gate()
            state.gate = gate
            return gate
        }
    }

    func asked() async { await wasAsked.wait() }

    func answer(
        to probe: AccessProbe, with authorization: Secret?
    ) async throws(UpstreamError) -> AccessAnswer {
        let header = authorization?.revealed
        let (gate, error, isAllowed) = state.withLock { state in
            state.questions.append("\(probe.subject) as \(header ?? "nobody")")
            return (state.gate, state.error, state.allowed.contains(header ?? ""))
        }
        wasAsked.open()
        await gate?.wait()
        if let error { throw error }
        return isAllowed ? .granted : .unauthorized(challenges: [Self.challenge])
    }
}

extension AccessProbe {
    fileprivate var subject: PullSubject {
        switch self {
        case .manifest(let reference, _): .manifest(reference)
        case .blob(let digest, _): .blob(digest)
        case .base, .tags: .tags
        }
    }
}

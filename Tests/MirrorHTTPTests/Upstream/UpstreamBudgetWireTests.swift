import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What an upstream with a rate limit is really asked, request by request.
@Suite(.timeLimit(.minutes(10))) struct UpstreamBudgetWireTests {
    private let server: ScriptedUpstream
    private let clock = ManualClock()
    private let budget: UpstreamBudget
    private let image = SampleImage(seed: 31)
    private let other = SampleImage(seed: 32)
    private let repository: RepositoryName
    private let tag: MirrorCore.Tag

    init() throws {
        server = try ScriptedUpstream()
        budget = UpstreamBudget(time: clock)
        repository = try #require(RepositoryName("library/app"))
        let latest = MirrorCore.Tag("latest")
        tag = try #require(latest)
        server.add(image, to: "library/app", tags: "latest")
    }

    private func upstream(username: String? = nil) throws -> BudgetedUpstream {
        let url = try #require(HTTPURL(server.url))
        let registry = RegistryUpstream(
            url,
            credentials: username.map {
                RegistryCredentials(username: $0, password: Secret("pass"))
            },
            client: HTTPClient(group: TestLoops.group), rateLimits: budget)
        return BudgetedUpstream(registry, budget: budget, time: clock)
    }

    private func error(_ work: () async throws -> Void) async -> UpstreamError? {
        await #expect(throws: UpstreamError.self) { try await work() }
    }

    /// How many GETs and HEADs of manifests the upstream has seen.
    private var pulls: Int { server.count(.get, .manifest()) }
    private var checks: Int { server.count(.head, .manifest()) }

    @Test func aRefusedPullIsSentOnceAndHeadsGoOnMeanwhile() async throws {
        let upstream = try upstream()
        server.limitPulls(to: 1, retryAfter: 60)
        _ = try await upstream.manifest(.tag(tag), in: repository)
        for _ in 0..<5 {
            let error = await error { _ = try await upstream.manifest(.tag(tag), in: repository) }
            #expect(error?.code == .rateLimited && error?.retryAfter == .seconds(60))
            _ = try await upstream.resolve(tag, in: repository)
            _ = try await upstream.blobInfo(image.layers[0].digest, in: repository)
        }
        #expect(pulls == 2 && checks == 5)
        clock.advance(by: .seconds(60))
        server.limitPulls(to: 1)
        _ = try await upstream.manifest(.tag(tag), in: repository)
        #expect(pulls == 3)
    }

    @Test func aLimitOnEverythingThatEndsItsLinesInLFIsRespectedAltogether() async throws {
        let upstream = try upstream()
        server.fail(.manifest(), with: .bareLineFeed429(retryAfter: 60))
        _ = await error { _ = try await upstream.resolve(tag, in: repository) }
        #expect(upstream.outlook(for: repository) == .closed)
        server.forgetRequests()
        let blob = image.layers[0].digest
        _ = await error { _ = try await upstream.resolve(tag, in: repository) }
        _ = await error { _ = try await upstream.manifest(.tag(tag), in: repository) }
        _ = await error { _ = try await upstream.blob(blob, in: repository, from: 0) }
        _ = await error { _ = try await upstream.tags(in: repository, from: .start, limit: nil) }
        #expect(server.requests.isEmpty)
    }

    @Test func aHeadTellsWhenFewPullsAreLeft() async throws {
        let upstream = try upstream()
        server.limitPulls(to: 20)
        for _ in 0..<18 { _ = try await upstream.manifest(.tag(tag), in: repository) }
        #expect(upstream.outlook(for: repository) == .clear)
        server.limitPulls(to: 100)
        _ = try await upstream.resolve(tag, in: repository)
        #expect(upstream.outlook(for: repository) == .clear)
        server.fail(
            .manifest(), with: .field("ratelimit-limit", "100;w=3600"),
            .field("ratelimit-remaining", "9;w=3600"), uses: .always)
        _ = try await upstream.resolve(tag, in: repository)
        #expect(upstream.outlook(for: repository) == .scarce)
        clock.advance(by: .seconds(3600))
        #expect(upstream.outlook(for: repository) == .clear)
    }

    @Test func eachAccountHasALimitOfItsOwn() async throws {
        let nobody = try upstream()
        server.fail(.manifest(), with: .tooManyRequests(retryAfter: 60), .once)
        _ = await error { _ = try await nobody.manifest(.tag(tag), in: repository) }
        #expect(nobody.outlook(for: repository) == .scarce)
        // Another sender with the same budget: what was refused to nobody is not refused to me.
        server.require(.bearer(TokenPolicy(user: "me", password: "pass")))
        let me = try upstream(username: "me")
        _ = try await me.resolve(tag, in: repository)
        #expect(me.outlook(for: repository) == .clear)
        _ = try await me.manifest(.tag(tag), in: repository)
        #expect(pulls == 2, "one refused, one served")
    }

    @Test func basicCredentialsAreAnAccountToo() async throws {
        server.require(.basic(user: "me", password: "pass"))
        let me = try upstream(username: "me")
        _ = try await me.resolve(tag, in: repository)
        budget.didAnswer(as: .account("me"), stating: RateLimit(limit: 10, remaining: 0))
        _ = try await me.resolve(tag, in: repository)
        #expect(me.outlook(for: repository) == .scarce)
        budget.didAnswer(as: .anonymous, stating: nil)
        #expect(me.outlook(for: repository) == .clear)
        _ = try await me.resolve(tag, in: repository)
        #expect(me.outlook(for: repository) == .scarce)
    }

    @Test func whatAServerOfBlobsSaysOfItsLimitsIsNotTheUpstreams() async throws {
        server.redirectBlobs()
        server.fail(
            .blob(), with: .field("ratelimit-limit", "100"), .field("ratelimit-remaining", "0"),
            uses: .always)
        let upstream = try upstream()
        let download = try await upstream.blob(image.layers[0].digest, in: repository, from: 0)
        download.cancel()
        #expect(upstream.outlook(for: repository) == .clear)
    }

    @Test(arguments: [("X-RateLimit-Reset", "90"), ("RateLimit-Reset", "90")])
    func aRefusalMayNameItsTimeInAFieldOfTheLimit(_ name: String, _ value: String) async throws {
        let upstream = try upstream()
        server.fail(
            .manifest(), with: .tooManyRequests(retryAfter: nil),
            .field("RateLimit-Remaining", "0"), .field(name, value), uses: .always)
        let error = await error { _ = try await upstream.manifest(.tag(tag), in: repository) }
        #expect(error?.retryAfter == .seconds(90))
    }

    // MARK: Together with the mirror

    private func mirror(_ upstream: any UpstreamFetcher) -> RegistryMirror {
        RegistryMirror(
            storage: MemoryDriver(), upstream: upstream, eviction: KeepingScheduler(),
            mayDelete: false, time: clock)
    }

    @Test func aManifestGETIsSpentOnlyAfterHEADSaidThatItChanged() async throws {
        let mirror = mirror(try upstream())
        for round in 1...5 {
            _ = try await mirror.manifest(.tag(tag), in: repository)
            #expect(pulls == 1 && checks == round)
        }
        server.add(other, to: "library/app", tags: "latest")
        let moved = try await mirror.manifest(.tag(tag), in: repository)
        #expect(moved.content.digest == other.manifest.digest)
        #expect(pulls == 2 && checks == 6)
        // A tag that moves back to what is held costs no pull either.
        server.add(image, to: "library/app", tags: "latest")
        let back = try await mirror.manifest(.tag(tag), in: repository)
        #expect(back.content.digest == image.manifest.digest)
        #expect(pulls == 2 && checks == 7)
    }

    @Test func whatIsHeldIsServedWhilePullsAreRefused() async throws {
        let mirror = mirror(try upstream())
        server.limitPulls(to: 1, retryAfter: 60)
        _ = try await mirror.manifest(.tag(tag), in: repository)
        server.add(other, to: "library/app", tags: "latest")
        for _ in 0..<5 {
            let stale = try await mirror.manifest(.tag(tag), in: repository)
            #expect(stale.content.digest == image.manifest.digest)
            #expect(stale.status == .stale)
        }
        #expect(pulls == 1, "upstream has said that it allows no second one")
    }
}

import MirrorCore
import Testing

@Suite struct FreshnessPolicyTests {
    private let checked = WallTime.seconds(1_000)
    private let policy = FreshnessPolicy(
        maxAge: .seconds(10), staleWhileRevalidate: .seconds(20), staleIfError: .seconds(100),
        scarceMaxAge: .seconds(50))

    private func record(checkedAt: WallTime?, tag: MirrorCore.Tag = .latest) -> TagRecord {
        TagRecord(repository: .app, tag: tag, digest: Digest(of: []), checkedAt: checkedAt)
    }

    private func decision(
        atAge age: Int, _ outlook: UpstreamOutlook, by policy: FreshnessPolicy? = nil
    ) -> FreshnessDecision {
        (policy ?? self.policy).decision(
            on: record(checkedAt: checked), at: checked + .seconds(age), outlook: outlook)
    }

    @Test(arguments: [
        (0, FreshnessDecision.serve), (9, .serve), (10, .serveAndRefresh), (29, .serveAndRefresh),
        (30, .ask), (1_000, .ask),
    ])
    func decidesByAge(age: Int, expected: FreshnessDecision) {
        #expect(decision(atAge: age, .clear) == expected)
    }

    @Test func asksEachTimeByDefault() {
        #expect(decision(atAge: 0, .clear, by: FreshnessPolicy()) == .ask)
    }

    // MARK: Outlook

    @Test(arguments: [
        (9, FreshnessDecision.serve), (10, .serveStale), (49, .serveStale),
        (50, .serveAndRefresh), (69, .serveAndRefresh), (70, .ask),
    ])
    func asksLessOftenWhileFewRequestsAreLeft(age: Int, expected: FreshnessDecision) {
        #expect(decision(atAge: age, .scarce) == expected)
    }

    @Test(arguments: [
        (9, FreshnessDecision.serve), (10, .serveStale), (99, .serveStale), (100, .ask),
    ])
    func doesNotAskAClosedUpstreamForWhatItMayServe(age: Int, expected: FreshnessDecision) {
        #expect(decision(atAge: age, .closed) == expected)
    }

    @Test(arguments: [UpstreamOutlook.scarce, .closed])
    func asksInAnyCaseWhereNothingStaleIsWanted(outlook: UpstreamOutlook) {
        let policy = FreshnessPolicy(staleIfError: .zero)
        #expect(decision(atAge: 0, outlook, by: policy) == .ask)
        let unknown = record(checkedAt: nil)
        #expect(policy.decision(on: unknown, at: checked, outlook: outlook) == .ask)
    }

    @Test func scarcityDoesNotShortenTheMaximumAge() {
        var policy = policy
        policy.maxAge = .seconds(60)
        #expect(decision(atAge: 59, .scarce, by: policy) == .serve)
        #expect(decision(atAge: 60, .scarce, by: policy) == .serveAndRefresh)
    }

    // MARK: Unknown age

    @Test(arguments: [
        (UpstreamOutlook.clear, FreshnessDecision.ask), (.scarce, .ask), (.closed, .serveStale),
    ])
    func asksWhereItCanWhenTheLastCheckIsNotKnown(
        outlook: UpstreamOutlook, expected: FreshnessDecision
    ) {
        let unknown = record(checkedAt: nil)
        #expect(policy.decision(on: unknown, at: checked, outlook: outlook) == expected)
    }

    @Test func asksWhenTheLastCheckLiesInTheFuture() {
        #expect(decision(atAge: -1, .clear) == .ask)
    }

    // MARK: Immutable tags

    @Test(arguments: [UpstreamOutlook.clear, .scarce, .closed])
    func neverAsksForAnImmutableTag(outlook: UpstreamOutlook) throws {
        var policy = policy
        policy.immutable = try TagPatterns([#"^v?\d+\.\d+\.\d+$"#])
        for checkedAt in [nil, checked] {
            let fixed = record(checkedAt: checkedAt, tag: .made("v1.2.3"))
            let later = checked + .seconds(1_000_000)
            #expect(policy.decision(on: fixed, at: later, outlook: outlook) == .serve)
            let error = UpstreamError(.notFound, "gone")
            #expect(policy.mayServe(fixed, after: error, at: later))
        }
        #expect(decision(atAge: 1_000, .clear, by: policy) == .ask)
    }

    // MARK: After an error

    @Test(arguments: [(0, true), (99, true), (100, false)])
    func allowsStaleForAWhile(age: Int, isAllowed: Bool) {
        let now = checked + .seconds(age)
        let error = UpstreamError(.unavailable, "down")
        #expect(policy.mayServe(record(checkedAt: checked), after: error, at: now) == isAllowed)
    }

    @Test func allowsStaleWhenTheLastCheckIsNotKnownUnlessNothingStaleIsWanted() {
        let error = UpstreamError(.unavailable, "down")
        let unknown = record(checkedAt: nil)
        #expect(policy.mayServe(unknown, after: error, at: checked))
        let strict = FreshnessPolicy(staleIfError: .zero)
        #expect(!strict.mayServe(unknown, after: error, at: checked))
    }

    @Test(arguments: [true, false])
    func servesWhatIsGoneUpstreamOnlyWhereItKeepsThat(keepsGone: Bool) {
        var policy = policy
        policy.keepsGone = keepsGone
        let gone = UpstreamError(.notFound, "gone")
        #expect(policy.mayServe(record(checkedAt: checked), after: gone, at: checked) == keepsGone)
        let down = UpstreamError(.unavailable, "down")
        #expect(policy.mayServe(record(checkedAt: checked), after: down, at: checked))
    }
}

import MirrorCore
import Testing

@Suite struct FreshnessPolicyTests {
    private let checked = WallTime.seconds(1_000)
    private let policy = FreshnessPolicy(
        maxAge: .seconds(10), staleWhileRevalidate: .seconds(20), staleIfError: .seconds(100))

    private func record(checkedAt: WallTime?) throws -> TagRecord {
        TagRecord(
            repository: .app, tag: .latest, digest: Digest(of: []), checkedAt: checkedAt)
    }

    @Test(arguments: [
        (0, FreshnessDecision.serve), (9, .serve), (10, .serveAndRefresh), (29, .serveAndRefresh),
        (30, .ask), (1_000, .ask),
    ])
    func decidesByAge(age: Int, decision: FreshnessDecision) throws {
        let now = checked + .seconds(age)
        #expect(
            try policy.decision(on: record(checkedAt: checked), at: now, outlook: .clear)
                == decision)
    }

    @Test func asksWhenTheLastCheckIsNotKnown() throws {
        #expect(
            try policy.decision(on: record(checkedAt: nil), at: checked, outlook: .clear) == .ask)
    }

    @Test func asksEachTimeByDefault() throws {
        let policy = FreshnessPolicy()
        #expect(
            try policy.decision(on: record(checkedAt: checked), at: checked, outlook: .clear)
                == .ask)
    }

    @Test(arguments: [(0, true), (99, true), (100, false)])
    func allowsStaleForAWhile(age: Int, isAllowed: Bool) throws {
        let now = checked + .seconds(age)
        let error = UpstreamError(.unavailable, "down")
        #expect(
            try policy.mayServe(record(checkedAt: checked), after: error, at: now) == isAllowed)
    }

    @Test func allowsStaleWhenTheLastCheckIsNotKnown() throws {
        let error = UpstreamError(.unavailable, "down")
        #expect(try policy.mayServe(record(checkedAt: nil), after: error, at: checked))
    }

    @Test(arguments: [true, false])
    func servesWhatIsGoneUpstreamOnlyWhereItKeepsThat(keepsGone: Bool) throws {
        var policy = policy
        policy.keepsGone = keepsGone
        let gone = UpstreamError(.notFound, "gone")
        #expect(
            try policy.mayServe(record(checkedAt: checked), after: gone, at: checked) == keepsGone)
        let down = UpstreamError(.unavailable, "down")
        #expect(try policy.mayServe(record(checkedAt: checked), after: down, at: checked))
    }
}

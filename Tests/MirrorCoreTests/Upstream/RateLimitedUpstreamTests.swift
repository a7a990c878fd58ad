import MirrorCore
import MirrorTesting
import Testing

/// What becomes of requests that the upstream does not want.
@Suite(.timeLimit(.minutes(10))) struct RateLimitedUpstreamTests {
    private typealias Operation = ScriptedFetcher.Operation
    private let test = BudgetUnderTest()

    private func refuse(_ operation: Operation, for delay: Duration?) async {
        let error = UpstreamError(.rateLimited, "429", retryAfter: delay)
        test.upstream.fail([operation], with: error, count: 1)
        #expect(await test.error(operation) == error)
        test.upstream.resetCounts()
    }

    @Test func aRefusedPullIsNotAskedAgainBeforeTheTimeHasCome() async throws {
        await refuse(.manifest, for: .seconds(60))
        test.clock.advance(by: .seconds(45))
        for _ in 0..<10 {
            let error = await test.error(.manifest)
            #expect(error?.code == .rateLimited && error?.retryAfter == .seconds(15))
        }
        #expect(test.upstream.callCount == 0)
        test.clock.advance(by: .seconds(15))
        try await test.ask(.manifest)
        #expect(test.upstream.counts == [.manifest: 1])
    }

    @Test func whatTheUpstreamDidNotRefuseGoesOnWhilePullsAreHeldBack() async throws {
        await refuse(.manifest, for: .seconds(60))
        for operation in Operation.allCases where operation != .manifest {
            try await test.ask(operation)
        }
        #expect(test.upstream.callCount == Operation.allCases.count - 1)
        #expect(test.outlook == .scarce)
    }

    @Test func anUpstreamThatRefusesEvenAHeadIsLeftAloneAltogether() async throws {
        await refuse(.resolve, for: .seconds(60))
        #expect(test.outlook == .closed)
        for operation in Operation.allCases {
            #expect(await test.error(operation)?.retryAfter == .seconds(60))
        }
        #expect(test.upstream.callCount == 0)
        test.clock.advance(by: .seconds(60))
        #expect(test.outlook == .clear)
        try await test.ask(.blob)
    }

    @Test(arguments: [
        (ScriptedFetcher.Operation.blob, [ScriptedFetcher.Operation.blob, .blobInfo]),
        (.blobInfo, [.blob, .blobInfo]), (.tags, [.tags, .referrers]),
        (.referrers, [.tags, .referrers]),
    ])
    func whatWasRefusedIsHeldBackAlone(
        refused: ScriptedFetcher.Operation, held: [ScriptedFetcher.Operation]
    ) async {
        await refuse(refused, for: .seconds(60))
        for operation in Operation.allCases {
            let isHeld = await test.error(operation)?.code == .rateLimited
            #expect(isHeld == held.contains(operation))
        }
        #expect(test.outlook == .clear)
    }

    @Test func whatOneAccountIsRefusedIsNotHeldBackFromAnother() async throws {
        test.budget.didAnswer(as: .account("first"), stating: nil)
        await refuse(.manifest, for: .seconds(60))
        test.budget.didAnswer(as: .account("second"), stating: nil)
        #expect(test.outlook == .clear)
        try await test.ask(.manifest)
        test.budget.didAnswer(as: .account("first"), stating: nil)
        #expect(test.outlook == .scarce)
        #expect(await test.error(.manifest)?.code == .rateLimited)
        #expect(test.upstream.counts == [.manifest: 1])
    }

    @Test func fewPullsLeftMakeTheOutlookScarceUntilTheWindowIsOver() async throws {
        let limit = RateLimit(limit: 100, remaining: 9, window: .seconds(21_600))
        test.budget.didAnswer(as: .anonymous, stating: limit)
        #expect(test.outlook == .scarce)
        // What is left may be spent.
        try await test.ask(.manifest)
        test.clock.advance(by: .seconds(21_599))
        #expect(test.outlook == .scarce)
        test.clock.advance(by: .seconds(1))
        #expect(test.outlook == .clear)
    }

    @Test func oneAccountsRemainderIsNotAnothers() {
        let limit = RateLimit(limit: 100, remaining: 1, window: .seconds(21_600))
        test.budget.didAnswer(as: .anonymous, stating: limit)
        test.budget.didAnswer(as: .account("me"), stating: nil)
        #expect(test.outlook == .clear)
    }

    @Test func otherErrorsHoldNothingBack() async throws {
        for code in [UpstreamError.Code.notFound, .denied, .unavailable, .invalid] {
            let error = UpstreamError(code, "no", retryAfter: .seconds(60))
            test.upstream.fail([.manifest], with: error, count: 1)
            #expect(await test.error(.manifest) == error)
            try await test.ask(.manifest)
        }
        #expect(test.outlook == .clear)
    }

    @Test func whatTheFetcherItselfExpectsCountsToo() async {
        let inner = BudgetUnderTest()
        let outer = BudgetedUpstream(inner.budgeted, time: inner.clock)
        #expect(outer.outlook(for: .app) == .clear)
        inner.budget.didAnswer(as: .anonymous, stating: RateLimit(limit: 100, remaining: 0))
        #expect(outer.outlook(for: .app) == .scarce)
        inner.upstream.fail([.resolve], with: UpstreamError(.rateLimited, "429"), count: 1)
        #expect(await inner.error(.resolve) != nil)
        #expect(outer.outlook(for: .app) == .closed)
    }
}

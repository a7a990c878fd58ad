import MirrorCore
import MirrorTesting
import Testing

/// What becomes of requests to an upstream that lets them wait in vain.
@Suite(.timeLimit(.minutes(10))) struct DeadUpstreamTests {
    private typealias Operation = ScriptedFetcher.Operation
    private let test = BudgetUnderTest()

    private func kill() async {
        for _ in 0..<3 { await test.waitInVain() }
        test.upstream.resetCounts()
    }

    @Test func failsAtOnceAfterThreeWaitedInVain() async {
        for _ in 0..<2 { await test.waitInVain() }
        #expect(test.outlook == .clear)
        await test.waitInVain()
        #expect(test.outlook == .closed)
        test.upstream.resetCounts()
        // The clock stands still: nobody waits for anything.
        for operation in Operation.allCases {
            let error = await test.error(operation)
            #expect(error?.code == .unavailable && error?.retryAfter == .seconds(1))
        }
        #expect(test.upstream.callCount == 0)
    }

    @Test func anAnswerInBetweenShowsThatItLives() async {
        for _ in 0..<3 {
            await test.waitInVain()
            await test.waitInVain()
            #expect(await test.error(.referrers) == nil)
        }
        #expect(test.outlook == .clear)
    }

    @Test(arguments: [UpstreamError.Code.notFound, .denied, .invalid])
    func aSlowNoIsAnAnswer(_ code: UpstreamError.Code) async {
        for _ in 0..<10 {
            test.upstream.fail([.resolve], with: UpstreamError(code, "no"), count: 1)
            await test.waitInVain()
            test.upstream.heal()
        }
        #expect(test.outlook == .clear)
    }

    @Test func whatFailsAtOnceIsAskedEachTime() async {
        test.upstream.fail(with: UpstreamError(.unavailable, "refused"))
        for _ in 0..<10 { #expect(await test.error(.manifest)?.reason == "refused") }
        #expect(test.outlook == .clear)
        test.upstream.heal()
        #expect(await test.error(.manifest) == nil)
    }

    @Test func aProbeBehindTheClientsFindsItAliveAgain() async throws {
        await kill()
        let answered = Checkpoint()
        test.upstream.hold(.resolve, at: answered)
        await test.clock.untilSleeping()
        test.clock.advance(by: .milliseconds(999))
        #expect(test.upstream.callCount == 0)
        test.clock.advance(by: .milliseconds(1))
        await answered.untilReached()
        // While one question finds out, nobody else asks or waits.
        for operation in Operation.allCases {
            #expect(await test.error(operation)?.code == .unavailable)
        }
        #expect(test.upstream.counts == [.resolve: 1])
        answered.open()
        await until { test.outlook != .closed }
        try await test.ask(.manifest)
    }

    @Test func aProbeNeverCostsAPull() async {
        for _ in 0..<3 { await test.waitInVain(.manifest) }
        test.upstream.resetCounts()
        await test.clock.untilSleeping()
        test.clock.advanceToNextDeadline()
        await until { test.outlook != .closed }
        #expect(test.upstream.counts == [.resolve: 1])
    }

    @Test func anUpstreamThatStaysDeadIsAskedEverMoreSeldom() async {
        await kill()
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            await test.clock.untilSleeping()
            #expect(test.clock.deadlines == [test.clock.now + .seconds(seconds)])
            test.upstream.fail([.resolve], with: UpstreamError(.unavailable, "silence"), count: 1)
            let asked = Checkpoint()
            test.upstream.hold(.resolve, at: asked)
            test.clock.advanceToNextDeadline()
            await asked.untilReached()
            test.clock.advance(by: .seconds(10))
            asked.open()
        }
        await test.clock.untilSleeping()
        #expect(test.upstream.counts == [.resolve: 8])
        #expect(test.outlook == .closed)
    }

    @Test func aProbeThatIsRefusedAtOnceCostsNobodyTimeAnyMore() async {
        await kill()
        test.upstream.fail(with: UpstreamError(.unavailable, "refused"))
        await test.clock.untilSleeping()
        test.clock.advanceToNextDeadline()
        await until { test.outlook != .closed }
        #expect(await test.error(.resolve)?.reason == "refused")
    }

    @Test func probesEndWithTheirOwner() async {
        let clock = ManualClock()
        let upstream = ScriptedFetcher()
        do {
            let budgeted = BudgetedUpstream(upstream, time: clock)
            upstream.fail(with: UpstreamError(.unavailable, "silence"), count: 3)
            for _ in 0..<3 {
                let checkpoint = Checkpoint()
                upstream.hold(.resolve, at: checkpoint)
                async let resolution = budgeted.resolve(.latest, in: .app)
                await checkpoint.untilReached()
                clock.advance(by: .seconds(10))
                checkpoint.open()
                _ = try? await resolution
            }
            await clock.untilSleeping()
        }
        await until { clock.sleeperCount == 0 }
    }

    @Test func whoLeavesSaysNothingOfTheUpstream() async {
        for _ in 0..<3 {
            let checkpoint = Checkpoint()
            test.upstream.hold(.resolve, at: checkpoint)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await test.error(.resolve) }
                await checkpoint.untilReached()
                test.clock.advance(by: .seconds(10))
                group.cancelAll()
            }
        }
        #expect(test.outlook == .clear)
    }
}

import MirrorCore
import MirrorTesting
import Testing

@Suite struct ManualClockTests {
    @Test func wakesWhoseDeadlineHasCome() async throws {
        let clock = ManualClock(now: .seconds(100))
        async let first: Void = clock.sleep(until: .seconds(110))
        async let second: Void = clock.sleep(for: .seconds(20))
        await clock.untilSleeping(2)
        #expect(clock.deadlines == [.seconds(110), .seconds(120)])
        clock.advance(by: .seconds(10))
        try await first
        #expect(clock.sleeperCount == 1)
        clock.advanceToNextDeadline()
        try await second
        #expect(clock.now == .seconds(120))
        try await clock.sleep(until: .seconds(120))
    }

    @Test func endsTheSleepOfACancelledTask() async {
        let clock = ManualClock()
        let task = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.untilSleeping()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleeperCount == 0)
    }

    @Test func barrierLetsAllThroughTogether() async {
        let barrier = Barrier(parties: 3)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<3 { tasks.addTask { await barrier.arriveAndWait() } }
        }
    }
}

import MirrorSystem
import Synchronization
import Testing

@Suite struct BlockingPoolTests {
    private struct Refusal: Error, Equatable {
        let number: Int
    }

    /// Counts who is inside at once, and lets nobody out until enough are.
    private final class Meeting: Sendable {
        private let state = Mutex((inside: 0, most: 0))
        private let full = ThreadSignal()
        private let size: Int

        init(size: Int) {
            self.size = size
        }

        var most: Int { state.withLock { $0.most } }

        func attend() {
            let isFull = state.withLock { state in
                state.inside += 1
                state.most = max(state.most, state.inside)
                return state.inside == size
            }
            if isFull { for _ in 0..<size { full.post() } }
            full.wait()
            state.withLock { $0.inside -= 1 }
        }
    }

    @Test func runsWorkOnAThreadThatMayBlock() async {
        #expect(!ThreadRole.isBlockingPool)
        #expect(await BlockingPool.shared.run { ThreadRole.isBlockingPool })
        #expect(!ThreadRole.isBlockingPool)
    }

    @Test func runsAtOnceOnItsOwnThread() async {
        let pool = BlockingPool(threadLimit: 1)
        // With one thread, work that waited for another would wait for ever.
        let answer = await withTaskExecutorPreference(pool) {
            await pool.run { 41 } + 1
        }
        #expect(answer == 42)
    }

    @Test func throwsWhatTheWorkThrows() async {
        await #expect(throws: Refusal(number: 7)) {
            try await BlockingPool.shared.run { () throws(Refusal) -> Int in
                throw Refusal(number: 7)
            }
        }
    }

    @Test func usesAsManyThreadsAsItMayAndNoMore() async {
        let pool = BlockingPool(threadLimit: 3)
        let meeting = Meeting(size: 3)
        await withTaskGroup { group in
            for _ in 0..<30 { group.addTask { await pool.run { meeting.attend() } } }
        }
        #expect(meeting.most == 3)
    }

    @Test func usesMoreThreadsOnceItMay() async {
        let pool = BlockingPool(threadLimit: 1)
        await pool.run {}
        pool.limitThreads(to: 3)
        let meeting = Meeting(size: 3)
        await withTaskGroup { group in
            for _ in 0..<30 { group.addTask { await pool.run { meeting.attend() } } }
        }
        #expect(meeting.most == 3)
    }

    @Test func runsEachOfManyTasksOnce() async {
        let pool = BlockingPool(threadLimit: 4)
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 1...2000 { group.addTask { await pool.run { number } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 2_001_000)
    }

    @Test func keepsJobsInTheirOrderWithOneThread() async {
        let pool = BlockingPool(threadLimit: 1)
        let order = Mutex<[Int]>([])
        for number in 0..<100 {
            await pool.run { order.withLock { $0.append(number) } }
        }
        #expect(order.withLock { $0 } == Array(0..<100))
    }
}

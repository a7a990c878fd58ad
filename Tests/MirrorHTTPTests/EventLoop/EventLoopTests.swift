import MirrorSystem
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite struct EventLoopTests {
    /// What several tasks note.
    private final class Notes: Sendable {
        private let numbers = Mutex<[Int]>([])

        var all: [Int] { numbers.withLock { $0 } }
        func add(_ number: Int) { numbers.withLock { $0.append(number) } }
    }

    private nonisolated func step(_ loop: EventLoop) async -> Bool {
        await Task.yield()
        return loop.isCurrent
    }

    @Test func aTaskThatPrefersALoopStaysOnIt() async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        let crossings = await Task(executorPreference: loop) {
            var crossings = 0
            for _ in 0..<200 {
                if await !step(loop) { crossings += 1 }
                async let child = step(loop)
                if await !child { crossings += 1 }
                if !loop.isCurrent || group.nearest() !== loop { crossings += 1 }
            }
            return crossings
        }.value
        #expect(crossings == 0)
        #expect(EventLoop.current == nil)
    }

    @Test func noWakeUpFromOtherThreadsIsLost() async throws {
        let group = try EventLoopGroup(count: 2)
        defer { group.stop() }
        // Each hop finds the other loop about to sleep, or asleep: one lost wake-up hangs.
        let hops = await withTaskGroup(of: Int.self) { tasks in
            for number in 0..<8 {
                tasks.addTask {
                    var hops = 0
                    for turn in 0..<2000 {
                        let loop = group.loops[(number + turn) % 2]
                        let isThere = await withTaskExecutorPreference(loop) { loop.isCurrent }
                        if isThere { hops += 1 }
                    }
                    return hops
                }
            }
            return await tasks.reduce(0, +)
        }
        #expect(hops == 16_000)
    }

    @Test func timersFireInOrderAndNotEarly() async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        let order = Notes()
        let early = Notes()
        await withTaskGroup(of: Void.self) { tasks in
            for number in [3, 1, 2, 0] {
                tasks.addTask(executorPreference: loop) {
                    let pause = Duration.milliseconds(150 * number)
                    let begun = MonotonicClock.nanoseconds
                    await loop.sleep(for: pause)
                    let passed = MonotonicClock.nanoseconds - begun
                    if passed < UInt64(pause.nanoseconds) { early.add(number) }
                    order.add(number)
                }
            }
        }
        #expect(order.all == [0, 1, 2, 3])
        #expect(early.all.isEmpty)
    }
}

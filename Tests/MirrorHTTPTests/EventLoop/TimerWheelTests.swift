import Synchronization
import Testing

@testable import MirrorHTTP

extension TimerWheel {
    fileprivate mutating func fire(at now: UInt64) {
        for entry in takeDue(at: now) { entry.timerFired() }
    }
}

@Suite struct TimerWheelTests {
    private final class Entry: TimerEntry {
        private let due: Atomic<UInt64>
        private let fired = Atomic<Int>(0)

        init(at deadline: UInt64) { due = Atomic(deadline) }

        var deadline: UInt64 { due.load(ordering: .relaxed) }
        var firedCount: Int { fired.load(ordering: .relaxed) }
        func move(to deadline: UInt64) { due.store(deadline, ordering: .relaxed) }
        func timerFired() { fired.add(1, ordering: .relaxed) }
    }

    private let grain = TimerWheel.grain
    private let start: UInt64 = 7_000_000_123

    /// Moves the wheel in steps of a third of its grain until the entry fires.
    private func firing(of entry: Entry, _ wheel: inout TimerWheel, upTo end: UInt64) -> UInt64? {
        var now = start
        while now < end {
            wheel.fire(at: now)
            if entry.firedCount > 0 { return now }
            now += grain / 3
        }
        return nil
    }

    @Test(arguments: [1, 99_999_999, 100_000_000, 100_000_001, 60_000_000_000, 300_000_000_000])
    func firesOnceNeverEarlyAndAtMostTwoGrainsLate(after delay: UInt64) throws {
        var wheel = TimerWheel(now: start)
        let entry = Entry(at: start + delay)
        wheel.insert(entry)
        let end = start + delay + 10 * grain
        let fired = try #require(firing(of: entry, &wheel, upTo: end))
        #expect(fired >= entry.deadline)
        #expect(fired <= entry.deadline + 2 * grain)
        wheel.fire(at: end + 2000 * grain)
        #expect(entry.firedCount == 1)
        #expect(wheel.millisecondsToNext(from: end) == -1)
    }

    @Test func waitsForADeadlineThatMovedAndForgetsOneThatIsGone() {
        var wheel = TimerWheel(now: start)
        let moved = Entry(at: start + grain)
        let gone = Entry(at: start + grain)
        wheel.insert(moved)
        wheel.insert(gone)
        moved.move(to: start + 50 * grain)
        gone.move(to: 0)
        wheel.fire(at: start + 49 * grain)
        #expect(moved.firedCount == 0)
        wheel.fire(at: start + 52 * grain)
        #expect(moved.firedCount == 1)
        #expect(gone.firedCount == 0)
    }

    @Test func firesAllThatIsDueAfterALongSleep() {
        var wheel = TimerWheel(now: start)
        let entries = (1...3000).map { Entry(at: start + UInt64($0) * grain) }
        for entry in entries { wheel.insert(entry) }
        wheel.fire(at: start + 100_000 * grain)
        #expect(entries.allSatisfy { $0.firedCount == 1 })
    }

    @Test func saysHowLongNothingIsDue() {
        var wheel = TimerWheel(now: start)
        #expect(wheel.millisecondsToNext(from: start) == -1)
        wheel.insert(Entry(at: start + 10 * grain))
        let wait = UInt64(wheel.millisecondsToNext(from: start)) * 1_000_000
        #expect(wait >= 10 * grain && wait <= 12 * grain)
    }
}

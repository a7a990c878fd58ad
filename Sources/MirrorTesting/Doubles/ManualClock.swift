public import MirrorCore
internal import Synchronization

/// A clock that stands still until a test moves it.
///
/// ```swift
/// let clock = ManualClock()
/// async let outcome = engine.refresh(using: clock)
/// await clock.untilSleeping()
/// clock.advance(by: .seconds(30))
/// ```
public final class ManualClock: TimeSource {
    private struct Sleeper {
        var deadline: WallTime
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct Watcher {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: WallTime
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [Watcher] = []
    }

    private let state: Mutex<State>

    /// A clock that shows `now`, by default some moment of 2023.
    public init(now: WallTime = .seconds(1_700_000_000)) {
        state = Mutex(State(now: now))
    }

    /// What the clock shows.
    public var now: WallTime { state.withLock { $0.now } }

    /// How many tasks sleep by this clock.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// The deadlines of all who sleep, the earliest first.
    public var deadlines: [WallTime] {
        state.withLock { $0.sleepers.values.map(\.deadline) }.sorted()
    }

    /// Moves the clock on (or back, as wall clocks do) and wakes whose deadline has come.
    public func advance(by duration: Duration) {
        wakeDue { $0.now = $0.now + duration }
    }

    /// Sets the clock and wakes whose deadline has come.
    public func set(to now: WallTime) {
        wakeDue { $0.now = now }
    }

    /// Moves the clock to the earliest deadline and wakes who sleeps until then. Does nothing
    /// while nobody sleeps.
    public func advanceToNextDeadline() {
        wakeDue { state in
            let next = state.sleepers.values.map(\.deadline).min()
            state.now = max(state.now, next ?? state.now)
        }
    }

    /// Waits until at least `count` tasks sleep by this clock.
    public func untilSleeping(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    /// Sleeps until the clock has been moved to `deadline`.
    ///
    /// - Throws: when the task is cancelled.
    public func sleep(until deadline: WallTime) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                fallAsleep(Sleeper(deadline: deadline, continuation: continuation), id: id)
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume()
        }
        if Task.isCancelled { throw CancellationError() }
    }

    private func fallAsleep(_ sleeper: Sleeper, id: Int) {
        let watchers: [Watcher]? = state.withLock { state in
            // Whoever cancels takes the lock after this, and so finds the sleeper, or has set
            // the flag before.
            if Task.isCancelled || sleeper.deadline <= state.now { return nil }
            state.sleepers[id] = sleeper
            let count = state.sleepers.count
            let split = state.watchers.partition { $0.count <= count }
            defer { state.watchers.removeSubrange(split...) }
            return Array(state.watchers[split...])
        }
        guard let watchers else { return sleeper.continuation.resume() }
        for watcher in watchers { watcher.continuation.resume() }
    }

    private func wakeDue(after change: (inout State) -> Void) {
        let due = state.withLock { state in
            change(&state)
            let now = state.now
            let due = state.sleepers.filter { $0.value.deadline <= now }
            for id in due.keys { state.sleepers.removeValue(forKey: id) }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}

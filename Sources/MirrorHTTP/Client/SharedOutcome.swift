internal import Synchronization

/// One piece of work for all tasks that want its outcome.
///
/// It runs as a task of its own: a waiter that is cancelled or loses patience takes it from
/// nobody.
final class SharedOutcome<Value: Sendable>: Sendable {
    private enum State {
        case underWay([TimedWaiter<Value>])
        case done(Value)
    }

    private let state = Mutex(State.underWay([]))

    /// Starts `work`.
    init(on executor: any TaskExecutor, _ work: @escaping @Sendable () async -> Value) {
        Task(executorPreference: executor) { self.settle(await work()) }
    }

    /// Whether the work has been done.
    var isDone: Bool {
        state.withLock { if case .done = $0 { true } else { false } }
    }

    /// The outcome; nil when it did not come within `timeout` or the task was cancelled. Call on
    /// an event loop, which keeps the time.
    func value(on loop: EventLoop, within timeout: Duration) async -> Value? {
        let waiter = TimedWaiter<Value>(timeout: timeout)
        let outcome: Value? = state.withLock { state in
            switch state {
            case .done(let value): return value
            case .underWay(let waiters):
                state = .underWay(waiters + [waiter])
                return nil
            }
        }
        if let outcome { return outcome }
        return await waiter.value(on: loop)
    }

    private func settle(_ value: Value) {
        let waiters = state.withLock { state -> [TimedWaiter<Value>] in
            defer { state = .done(value) }
            if case .underWay(let waiters) = state { return waiters }
            return []
        }
        for waiter in waiters { waiter.settle(value) }
    }
}

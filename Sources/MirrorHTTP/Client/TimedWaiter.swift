internal import MirrorSystem
internal import Synchronization

/// One task that waits for a value from anywhere. It is settled once: by the value, by its timer
/// or by cancellation, whichever comes first, on any thread.
@safe final class TimedWaiter<Value: Sendable>: TimerEntry {
    @safe private enum State {
        case idle(deadline: UInt64)
        case waiting(UnsafeContinuation<Value?, Never>, deadline: UInt64)
        case settled(Value?)
    }

    private let state: Mutex<State>

    init(timeout: Duration) {
        let deadline = MonotonicClock.nanoseconds &+ UInt64(max(1, timeout.nanoseconds))
        state = Mutex(.idle(deadline: deadline))
    }

    var deadline: UInt64 {
        state.withLock { state in
            switch state {
            case .idle(let deadline): deadline
            case .waiting(_, let deadline): deadline
            case .settled: 0
            }
        }
    }

    func timerFired() { settle(nil) }

    /// Waits; nil means that no value came in time or that the task was cancelled. Call once, on
    /// the loop that keeps the time.
    func value(on loop: EventLoop) async -> Value? {
        loop.schedule(self)
        return await withTaskCancellationHandler {
            await settled()
        } onCancel: {
            settle(nil)
        }
    }

    private func settled() async -> Value? {
        // Safe: the continuation is resumed by whoever moves the state to settled, once.
        unsafe await withUnsafeContinuation { continuation in
            let early: Value?? = state.withLock { state in
                switch state {
                case .idle(let deadline):
                    unsafe state = .waiting(continuation, deadline: deadline)
                    return nil
                case .settled(let value): return .some(value)
                case .waiting: preconditionFailure("one task waits with one waiter")
                }
            }
            if case .some(let value) = early { unsafe continuation.resume(returning: value) }
        }
    }

    /// Ends the waiting, unless it has ended.
    func settle(_ value: Value?) {
        let continuation = unsafe state.withLock { state -> UnsafeContinuation<Value?, Never>? in
            switch state {
            case .settled: return nil
            case .idle:
                state = .settled(value)
                return nil
            case .waiting(let continuation, _):
                state = .settled(value)
                return unsafe continuation
            }
        }
        // Safe: the state has just been moved to settled, so nobody else resumes it.
        unsafe continuation?.resume(returning: value)
    }
}

internal import Synchronization

/// A gate that is closed until it is opened, once and for good.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var nextID = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// A closed gate.
    public init() {}

    /// Whether it has been opened.
    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// How many tasks wait for it.
    public var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// Lets through everybody who waits and everybody who comes. Opening it twice does no harm.
    public func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Waits until the gate is open, also in a task that is cancelled meanwhile.
    public func wait() async {
        let id = nextID()
        await withCheckedContinuation { continuation in
            if !queue(continuation, as: id, { false }) { continuation.resume() }
        }
    }

    /// Waits until the gate is open or the task is cancelled.
    ///
    /// - Returns: whether the gate is open.
    public func waitUnlessCancelled() async -> Bool {
        let id = nextID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !queue(continuation, as: id, { Task.isCancelled }) { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        return isOpen
    }

    private func nextID() -> Int {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    /// Whether somebody has to wait. Whoever cancels takes the lock after this, and so finds the
    /// waiter, or has set the flag before.
    private func queue(
        _ continuation: CheckedContinuation<Void, Never>, as id: Int, _ isCancelled: () -> Bool
    ) -> Bool {
        state.withLock { state in
            if state.isOpen || isCancelled() { return false }
            state.waiters[id] = continuation
            return true
        }
    }
}

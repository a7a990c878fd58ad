internal import Synchronization

/// Lets no more than so much of something run at once; the rest waits in order, for a while.
package final class Slots<Class: SlotClass>: Sendable {
    private typealias Ticket = SlotState<Class>.Ticket

    /// One who waits, from when it has a ticket to when it was told.
    private enum Waiter {
        case coming
        case waiting(CheckedContinuation<Bool, Never>)
        case told(Bool)
    }

    private struct State {
        var slots: SlotState<Class>
        var waiters: [Ticket: Waiter] = [:]
    }

    private let time: any TimeSource
    private let state: Mutex<State>

    package init(concurrency: Int, time: any TimeSource) {
        self.time = time
        state = Mutex(State(slots: SlotState(concurrency: concurrency)))
    }

    /// A slot; waits for one if need be. Nil when there is none in time, or the task is cancelled.
    package func take(_ kind: Class) async -> Slot? {
        let ticket = state.withLock { state in
            let ticket = state.slots.take(kind)
            if let ticket { state.waiters[ticket] = .coming }
            return ticket
        }
        guard let ticket else { return Slot(of: self) }
        async let _ = abandon(ticket, of: kind, in: kind.patience)
        return await isGranted(ticket, of: kind) ? Slot(of: self) : nil
    }

    // MARK: Waiting

    private func isGranted(
        _ ticket: Ticket, of kind: Class
    ) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let told: Bool? = state.withLock { state in
                    if case .told(let isGranted) = state.waiters[ticket] {
                        state.waiters[ticket] = nil
                        return isGranted
                    }
                    state.waiters[ticket] = .waiting(continuation)
                    return nil
                }
                if let told { continuation.resume(returning: told) }
            }
        } onCancel: {
            abandon(ticket, of: kind)
        }
    }

    private func abandon(
        _ ticket: Ticket, of kind: Class, in timeout: Duration
    ) async {
        do { try await time.sleep(for: timeout) } catch { return }
        abandon(ticket, of: kind)
    }

    private func abandon(_ ticket: Ticket, of kind: Class) {
        tell(isGranted: false) { $0.abandon(ticket, of: kind) ? ticket : nil }
    }

    /// Tells whom a change concerns.
    private func tell(isGranted: Bool = true, _ change: (inout SlotState<Class>) -> Ticket?) {
        let continuation: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard let ticket = change(&state.slots) else { return nil }
            guard case .waiting(let continuation) = state.waiters[ticket] else {
                state.waiters[ticket] = .told(isGranted)
                return nil
            }
            state.waiters[ticket] = nil
            return continuation
        }
        continuation?.resume(returning: isGranted)
    }
}

extension Slots: SlotOwner {
    fileprivate func giveBack() {
        tell { $0.giveBack() }
    }
}

private protocol SlotOwner: Sendable {
    func giveBack()
}

/// The right to do one thing. It ends with the slot, if it is not given back before.
package final class Slot: Sendable {
    private let owner: any SlotOwner
    private let isHeld = Atomic(true)

    fileprivate init(of owner: any SlotOwner) {
        self.owner = owner
    }

    deinit { giveBack() }

    /// Lets the next one begin. Calling it twice does no harm.
    package func giveBack() {
        if isHeld.exchange(false, ordering: .relaxed) { owner.giveBack() }
    }
}

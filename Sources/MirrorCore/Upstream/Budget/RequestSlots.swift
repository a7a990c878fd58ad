internal import Synchronization

/// Lets no more than so many requests to one upstream run at once.
final class RequestSlots: Sendable {
    /// How long a client's request waits for a slot.
    private static let waitTimeout = Duration.seconds(10)
    /// How long a request waits for a slot that no client waits for.
    private static let backgroundWaitTimeout = Duration.seconds(300)

    /// One who waits, from when it has a ticket to when it was told.
    private enum Waiter {
        case coming
        case waiting(CheckedContinuation<Bool, Never>)
        case told(Bool)
    }

    private struct State {
        var slots: SlotState
        var waiters: [SlotState.Ticket: Waiter] = [:]
    }

    private let concurrency: Int
    private let time: any TimeSource
    private let state: Mutex<State>

    init(concurrency: Int, time: any TimeSource) {
        self.concurrency = concurrency
        self.time = time
        state = Mutex(State(slots: SlotState(concurrency: concurrency)))
    }

    /// A slot; waits for one if need be.
    ///
    /// - Throws: when there is none in time, or the task is cancelled.
    func take(_ requestClass: RequestClass) async throws(UpstreamError) -> RequestSlot {
        let ticket = state.withLock { state in
            let ticket = state.slots.take(requestClass)
            if let ticket { state.waiters[ticket] = .coming }
            return ticket
        }
        guard let ticket else { return RequestSlot(of: self) }
        async let _ = abandon(ticket, of: requestClass, in: timeout(requestClass))
        let isGranted = await isGranted(ticket, of: requestClass)
        if isGranted { return RequestSlot(of: self) }
        throw UpstreamError(
            .unavailable, "all \(concurrency) requests that may be made of upstream are under way",
            retryAfter: Self.waitTimeout)
    }

    fileprivate func giveBack() {
        tell { $0.giveBack() }
    }

    private func timeout(_ requestClass: RequestClass) -> Duration {
        requestClass == .background ? Self.backgroundWaitTimeout : Self.waitTimeout
    }

    // MARK: Waiting

    private func isGranted(
        _ ticket: SlotState.Ticket, of requestClass: RequestClass
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
            abandon(ticket, of: requestClass)
        }
    }

    private func abandon(
        _ ticket: SlotState.Ticket, of requestClass: RequestClass, in timeout: Duration
    ) async {
        do { try await time.sleep(for: timeout) } catch { return }
        abandon(ticket, of: requestClass)
    }

    private func abandon(_ ticket: SlotState.Ticket, of requestClass: RequestClass) {
        tell(isGranted: false) { $0.abandon(ticket, of: requestClass) ? ticket : nil }
    }

    /// Tells whom a change concerns.
    private func tell(isGranted: Bool = true, _ change: (inout SlotState) -> SlotState.Ticket?) {
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

/// The right to have one request under way. It ends with the slot, if it is not given back before.
final class RequestSlot: Sendable {
    private let slots: RequestSlots
    private let isHeld = Atomic(true)

    fileprivate init(of slots: RequestSlots) {
        self.slots = slots
    }

    deinit { giveBack() }

    /// Lets the next one begin. Calling it twice does no harm.
    func giveBack() {
        if isHeld.exchange(false, ordering: .relaxed) { slots.giveBack() }
    }
}

internal import MirrorSystem
internal import Synchronization

/// Holds answers at a byte until a test lets them go on.
///
/// ```swift
/// let gate = upstream.holdBlob(digest, at: 4096)
/// // … start a client …
/// await gate.reached()        // 4096 bytes have been sent, and not one more
/// gate.release()
/// ```
public final class TransferGate: Sendable {
    private struct Watcher {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        /// Bytes of content before this offset may be sent; -1 holds the head as well.
        var limit: Int64
        /// How often everything held was told to give up.
        var interruptionCount = 0
        var held: [ThreadSignal] = []
        var watchers: [Watcher] = []
    }

    private let state: Mutex<State>

    init(limit: Int64) {
        state = Mutex(State(limit: limit))
    }

    /// How many answers are held now.
    public var heldCount: Int { state.withLock { $0.held.count } }

    /// Waits until `count` answers are held at the same time.
    public func reached(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.held.count >= count { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    /// Lets every answer go on, those that come later too.
    public func release() {
        move { _ in .max }
    }

    /// Lets `byteCount` more bytes of content go, and holds again behind them. A gate before
    /// the head lets go of the head as well.
    public func release(bytes byteCount: Int64) {
        move { max($0, 0) + byteCount }
    }

    /// Makes every answer that is held now give up; later ones are held as before.
    func interrupt() {
        wakeHeld { $0.interruptionCount += 1 }
    }

    private func move(_ limit: (Int64) -> Int64) {
        wakeHeld { $0.limit = limit($0.limit) }
    }

    private func wakeHeld(after change: (inout State) -> Void) {
        let held = state.withLock { state in
            change(&state)
            defer { state.held = [] }
            return state.held
        }
        for signal in held { signal.post() }
    }

    /// Blocks the thread until bytes from `offset` on may be sent; -1 is the head.
    ///
    /// - Returns: the offset up to which they may, or nil when the answer has to give up.
    func pass(_ offset: Int64) -> Int64? {
        let interruptionCount = state.withLock { $0.interruptionCount }
        while true {
            let signal = ThreadSignal()
            let verdict: Int64?? = state.withLock { state in
                if state.interruptionCount != interruptionCount { return .some(nil) }
                if state.limit > offset { return .some(state.limit) }
                state.held.append(signal)
                return .none
            }
            if let verdict { return verdict }
            notifyWatchers()
            signal.wait()
        }
    }

    private func notifyWatchers() {
        let reached = state.withLock { state in
            let count = state.held.count
            let split = state.watchers.partition { $0.count <= count }
            defer { state.watchers.removeSubrange(split...) }
            return Array(state.watchers[split...])
        }
        for watcher in reached { watcher.continuation.resume() }
    }
}

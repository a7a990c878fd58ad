internal import MirrorSystem
internal import Synchronization

/// One piece of work that is asked for again and again: it never runs twice at once, and once
/// for all who asked before it began.
final class RepeatedWork: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isWanted = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Has `work` run from its beginning after this, and does not wait.
    func request(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.isWanted = true
            start(work, &state)
        }
    }

    /// Has `work` run from its beginning after this, and waits for its end.
    func run(_ work: @escaping @Sendable () async -> Void) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.isWanted = true
                state.waiters.append(continuation)
                start(work, &state)
            }
        }
    }

    /// Waits until nothing runs that was asked for before.
    func finish() async {
        await state.withLock { $0.task }?.value
    }

    private func start(_ work: @escaping @Sendable () async -> Void, _ state: inout State) {
        guard state.task == nil else { return }
        state.task = Task(executorPreference: BlockingPool.shared) { [self] in
            while let waiters = begin() {
                await work()
                for waiter in waiters { waiter.resume() }
            }
        }
    }

    /// Those who wait for the run that begins now; nil when none is wanted.
    private func begin() -> [CheckedContinuation<Void, Never>]? {
        state.withLock { state in
            guard state.isWanted else {
                state.task = nil
                return nil
            }
            defer {
                state.isWanted = false
                state.waiters = []
            }
            return state.waiters
        }
    }
}

internal import MirrorSystem
internal import Synchronization

/// The fills under way, at most one for each digest.
final class FillTable: Sendable {
    private let fills = Mutex<[Digest: Fill]>([:])
    private let tasks = Mutex<[Digest: Task<Void, Never>]>([:])

    /// The fill of a blob that is under way.
    func fill(of digest: Digest) -> Fill? {
        fills.withLock { $0[digest] }
    }

    /// Whether a blob is being filled.
    func contains(_ digest: Digest) -> Bool {
        fills.withLock { $0[digest] != nil }
    }

    /// The fill of a blob that is under way, or a new one that `work` brings to its end.
    func join(
        _ digest: Digest, for repository: RepositoryName,
        _ work: @escaping @Sendable (Fill) async -> Void
    ) -> (fill: Fill, isNew: Bool) {
        let (fill, isNew) = fills.withLock { fills in
            if let fill = fills[digest] {
                fill.add(repository)
                return (fill, false)
            }
            let fill = Fill(digest, for: repository)
            fills[digest] = fill
            return (fill, true)
        }
        if isNew { start(fill, work) }
        return (fill, isNew)
    }

    /// Waits for the fills that have every byte and are being stored.
    func settle() async {
        let whole = fills.withLock { $0.values.filter(\.isWhole).map(\.digest) }
        for digest in whole { await tasks.withLock { $0[digest] }?.value }
    }

    /// A fill is a task of its own, on threads that may block: no client's leaving ends it.
    private func start(_ fill: Fill, _ work: @escaping @Sendable (Fill) async -> Void) {
        tasks.withLock { tasks in
            tasks[fill.digest] = Task(executorPreference: BlockingPool.shared) { [self] in
                await work(fill)
                fills.withLock { _ = $0.removeValue(forKey: fill.digest) }
                self.tasks.withLock { _ = $0.removeValue(forKey: fill.digest) }
            }
        }
    }
}

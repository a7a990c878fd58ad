internal import MirrorSystem
internal import Synchronization

/// The fills under way, at most one for each digest.
final class FillTable: Sendable {
    private struct Running {
        let fill: Fill
        let task: Task<Void, Never>
    }

    private struct State {
        var running: [Digest: Running] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())

    /// The fill of a blob that is under way.
    func fill(of digest: Digest) -> Fill? {
        state.withLock { $0.running[digest]?.fill }
    }

    /// Whether a blob is being filled.
    func contains(_ digest: Digest) -> Bool {
        state.withLock { $0.running[digest] != nil }
    }

    /// What is on its way for whom, and how many bytes each has as far as that is known.
    var expected: [(items: [CachedItem], digest: Digest, byteCount: Int64)] {
        state.withLock { $0.running.values.map(\.fill) }.map { fill in
            let items = fill.wantedBy.map { CachedItem(.blob, fill.digest, in: $0) }
            return (items, fill.digest, fill.size ?? 0)
        }
    }

    /// Whether a blob is being filled for a repository.
    func contains(_ item: CachedItem) -> Bool {
        fill(of: item.digest)?.wantedBy.contains(item.repository) ?? false
    }

    /// Whether nothing is being filled.
    var isEmpty: Bool { state.withLock { $0.running.isEmpty } }

    /// The fill of a blob that is under way, or a new one that `work` brings to its end and
    /// then takes out with ``end(_:linkedIn:)``.
    ///
    /// - Parameter isConfirmed: whether the repository's upstream has said that it has the blob.
    /// - Returns: nil when a fill is under way for other repositories, and nothing is confirmed;
    ///   also when nobody waits for it, and the mirror has been stopped.
    func join(
        _ digest: Digest, for repository: RepositoryName, demand: FillDemand, isConfirmed: Bool,
        _ work: @escaping @Sendable (Fill) async -> Void
    ) -> (fill: Fill, isNew: Bool)? {
        state.withLock { state in
            if let fill = state.running[digest]?.fill, !fill.hasFailed {
                guard isConfirmed || fill.wantedBy.contains(repository) else { return nil }
                fill.add(repository)
                fill.want(demand)
                return (fill, false)
            }
            if state.isStopped, demand == .unawaited { return nil }
            let fill = Fill(digest, for: repository)
            fill.want(demand)
            // A fill is a task of its own, on threads that may block: no client's leaving
            // ends it.
            let task = Task(executorPreference: BlockingPool.shared) { await work(fill) }
            state.running[digest] = Running(fill: fill, task: task)
            return (fill, true)
        }
    }

    /// Takes out a fill that has ended.
    ///
    /// - Parameter linked: the repositories that have been given the blob.
    /// - Returns: false when another repository has joined meanwhile; the fill stays then.
    func end(_ fill: Fill, linkedIn linked: Set<RepositoryName>) -> Bool {
        state.withLock { state in
            guard fill.wantedBy.isSubset(of: linked) else { return false }
            state.running[fill.digest] = nil
            return true
        }
    }

    /// Takes out a fill that has failed.
    func drop(_ fill: Fill) {
        state.withLock { state in
            if state.running[fill.digest]?.fill === fill { state.running[fill.digest] = nil }
        }
    }

    /// Ends all fills: those that have every byte are stored, the others are left to be taken
    /// up again.
    func stop() async {
        let tasks = state.withLock { state in
            state.isStopped = true
            return state.running.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}

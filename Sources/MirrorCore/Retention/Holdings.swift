internal import Synchronization

/// What is known to be held: told to the eviction scheduler, counted by digest, and remembered
/// until it is written down.
final class Holdings: Sendable {
    private let scheduler: any EvictionScheduler
    private let state = Mutex(State())

    private struct State {
        var counts = ContentCounts()
        /// Not written down yet.
        var changes: [CachedItem: UseChange] = [:]
        /// Uses of what was not known yet; nil once everything held is known.
        var earlyUses: [CachedItem: WallTime]? = [:]
    }

    init(_ scheduler: any EvictionScheduler) {
        self.scheduler = scheduler
    }

    // MARK: What happens here

    func didStore(_ held: HeldItem) {
        state.withLock { state in
            learn(held, &state)
            state.changes[held.item] = .stored(held)
        }
    }

    func didUse(_ item: CachedItem, at now: WallTime) {
        scheduler.didUse(item, at: now)
        let isKnown = scheduler.knows(item)
        state.withLock { state in
            guard isKnown else {
                state.earlyUses?[item] = now
                return
            }
            if case .stored(var held) = state.changes[item] {
                held.lastUse = max(held.lastUse, now)
                state.changes[item] = .stored(held)
            } else {
                state.changes[item] = .used(item, at: now)
            }
        }
    }

    /// - Returns: the digests that nothing has or needs any more.
    @discardableResult
    func forget(_ item: CachedItem) -> [Digest] {
        state.withLock { state in
            state.changes[item] = .removed(item)
            return scheduler.didRemove(item).map { state.counts.remove($0) } ?? []
        }
    }

    private func learn(_ held: HeldItem, _ state: inout State) {
        var held = held
        if let known = scheduler.didRemove(held.item) {
            held.lastUse = max(held.lastUse, known.lastUse)
            state.counts.remove(known)
        }
        scheduler.didStore(held)
        state.counts.add(held)
    }

    // MARK: What is read of the journal

    /// Learns what this or another process has written down.
    func learn(_ change: UseChange) {
        switch change {
        case .stored(let held): state.withLock { learn(held, &$0) }
        case .used(let item, let time): scheduler.didUse(item, at: time)
        case .removed(let item):
            state.withLock { state in
                if let known = scheduler.didRemove(item) { state.counts.remove(known) }
            }
        }
    }

    /// Whether a victim is known to have been used, here or by another process, since it was
    /// chosen.
    func isRenewed(_ victim: EvictionVictim) -> Bool {
        victim.items.contains { item in
            scheduler.record(of: item).map { $0.lastUse > victim.lastUse } ?? false
        }
    }

    /// Everything held is known now: uses of what was not count from here.
    func didLearnAll() {
        let uses = state.withLock { state in
            defer { state.earlyUses = nil }
            return state.earlyUses ?? [:]
        }
        for (item, time) in uses { didUse(item, at: time) }
    }

    // MARK: Questions

    /// How many contents are held, each once, and their bytes.
    var totals: (contentCount: Int, byteCount: Int64) {
        state.withLock { ($0.counts.contentCount, $0.counts.byteCount) }
    }

    /// How many items are held.
    var itemCount: Int { state.withLock { $0.counts.itemCount } }

    func knows(_ item: CachedItem) -> Bool { scheduler.knows(item) }

    /// Whether the bytes of a digest are counted among those that are stored.
    func isStored(_ digest: Digest) -> Bool { state.withLock { $0.counts.isStored(digest) } }

    /// Whether something has or needs a digest.
    func contains(_ digest: Digest) -> Bool { state.withLock { $0.counts.contains(digest) } }

    /// Whether a held manifest of a repository needs a digest.
    func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool {
        scheduler.isNeeded(digest, in: repository)
    }

    /// The digests that nothing would have or need any more if some items went. Of an item that
    /// is not known its own counts as one.
    func digests(freedBy items: [CachedItem]) -> [Digest] {
        let records = items.compactMap { scheduler.record(of: $0) }
        guard records.count == items.count else { return items.map(\.digest) }
        return state.withLock { state in
            var release = state.counts.release
            return release.digests(freedBy: records)
        }
    }

    /// Whether nothing has or needs the digest of a known item besides.
    func isLast(_ item: CachedItem) -> Bool { state.withLock { $0.counts.isLast(item.digest) } }

    // MARK: For the journal

    func takeChanges() -> [CachedItem: UseChange] {
        state.withLock { state in
            defer { state.changes = [:] }
            return state.changes
        }
    }

    /// Changes that could not be written down: they are to be taken again.
    func putBack(_ changes: [CachedItem: UseChange]) {
        state.withLock { $0.changes.merge(changes) { later, _ in later } }
    }
}

internal import Synchronization

/// Lets go of what nobody has asked for during a fixed time, images whole.
///
/// Deadlines wait in a heap. A use does not touch it: an item that comes up too early is put
/// back where its last use says, so the cost follows the evictions and not the requests.
public final class TTLScheduler: EvictionScheduler {
    /// When a victim that was not let go of, since it was in use, comes up again.
    private static let secondChance = Duration.seconds(60)

    private let ttl: Duration?
    private let state = Mutex(State())

    private struct Held {
        var lastUse: WallTime
        var needs: [Digest]
        /// Where it waits in the heap; entries with another deadline are left from before.
        var queuedAt: WallTime?
    }

    private struct Need: Hashable {
        var digest: Digest
        var repository: RepositoryName
    }

    private struct State {
        var held: [CachedItem: Held] = [:]
        /// How many held manifests of a repository need a digest.
        var needed: [Need: Int] = [:]
        var deadlines = DeadlineHeap()
    }

    /// - Parameter ttl: how long after its last use an item is kept; nil for ever.
    public init(ttl: Duration?) {
        self.ttl = ttl
    }

    public func didStore(_ item: CachedItem, needs: [Digest], lastUse: WallTime) {
        state.withLock { state in
            let known = state.held[item]
            if let known, known.needs == needs {
                state.held[item]?.lastUse = max(known.lastUse, lastUse)
                return
            }
            for digest in needs {
                state.needed[Need(digest: digest, repository: item.repository), default: 0] += 1
            }
            let latest = max(known?.lastUse ?? lastUse, lastUse)
            state.held[item] = Held(lastUse: latest, needs: needs, queuedAt: known?.queuedAt)
            if known?.queuedAt == nil { enqueue(item, lastUse: latest, &state) }
            // It was damaged when it was found, and has been healed since.
            for digest in known?.needs ?? [] { release(digest, in: item.repository, &state) }
        }
    }

    public func didUse(_ item: CachedItem, at now: WallTime) {
        state.withLock { state in
            guard let known = state.held[item], known.lastUse < now else { return }
            state.held[item]?.lastUse = now
        }
    }

    public func didRemove(_ item: CachedItem) {
        state.withLock { state in
            guard let known = state.held.removeValue(forKey: item) else { return }
            for digest in known.needs { release(digest, in: item.repository, &state) }
        }
    }

    /// A manifest that needed `digest` has gone; what it needed may go as well now.
    private func release(
        _ digest: Digest, in repository: RepositoryName, _ state: inout State
    ) {
        let need = Need(digest: digest, repository: repository)
        let count = (state.needed[need] ?? 1) - 1
        state.needed[need] = count > 0 ? count : nil
        guard count == 0 else { return }
        for kind in [CachedItem.Kind.blob, .manifest] {
            let item = CachedItem(kind, digest, in: repository)
            if let known = state.held[item], known.queuedAt == nil {
                enqueue(item, lastUse: known.lastUse, &state)
            }
        }
    }

    private func enqueue(_ item: CachedItem, lastUse: WallTime, _ state: inout State) {
        if let ttl { enqueue(item, at: lastUse + ttl, &state) }
    }

    private func enqueue(_ item: CachedItem, at deadline: WallTime, _ state: inout State) {
        state.held[item]?.queuedAt = deadline
        state.deadlines.push(item, at: deadline)
    }

    public func victims(at now: WallTime, limit: Int) -> [CachedItem] {
        guard let ttl else { return [] }
        return state.withLock { state in
            var victims: [CachedItem] = []
            while victims.count < limit, let (item, deadline) = state.deadlines.first,
                deadline <= now
            {
                state.deadlines.removeFirst()
                guard let known = state.held[item], known.queuedAt == deadline else { continue }
                state.held[item]?.queuedAt = nil
                let due = known.lastUse + ttl
                if due > now {
                    enqueue(item, at: due, &state)
                } else if state.needed[Need(digest: item.digest, repository: item.repository)]
                    == nil
                {
                    victims.append(item)
                    enqueue(item, at: now + Self.secondChance, &state)
                }
                // What is needed comes back when the last that needs it goes.
            }
            return victims
        }
    }

    public func nextWake(after now: WallTime) -> WallTime? {
        state.withLock { $0.deadlines.first?.deadline }
    }

    public func knows(_ item: CachedItem) -> Bool {
        state.withLock { $0.held[item] != nil }
    }

    public func records() -> [UseRecord] {
        state.withLock { state in
            state.held.map { UseRecord($0, needs: $1.needs, lastUse: $1.lastUse) }
        }
    }
}

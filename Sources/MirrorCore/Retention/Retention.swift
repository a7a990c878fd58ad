internal import Synchronization

/// Keeps the eviction scheduler informed, its knowledge on disk, and does what it decides.
///
/// It is the only place that removes content.
final class Retention: Sendable {
    /// How often changes are written down and the scheduler is asked; a crash loses at most so
    /// much of the use times.
    private static let interval = Duration.seconds(30)
    private static let batchLimit = 256
    private static let sweepInterval = Duration.seconds(24 * 3600)

    private let store: ContentStore
    private let scheduler: any EvictionScheduler
    private let mayDelete: Bool
    private let fills: FillTable
    private let turns: DigestTurns
    private let time: any TimeSource
    private let logger: Logger
    private let didRemove: @Sendable (CachedItem) -> Void
    private let state = Mutex(State())

    private struct State {
        /// Not written down yet.
        var changes: [CachedItem: UseChange] = [:]
        /// How many repositories have a digest.
        var holders: [Digest: Int] = [:]
        var needs: [CachedItem: [Digest]] = [:]
        /// Uses of what was not known yet; nil once everything held is known.
        var earlyUses: [CachedItem: WallTime]? = [:]
    }

    /// - Parameters:
    ///   - mayDelete: whether what has expired is removed; use is recorded all the same.
    ///   - didRemove: told of what has been removed, to forget it.
    init(
        _ store: ContentStore, scheduler: any EvictionScheduler, mayDelete: Bool,
        fills: FillTable, turns: DigestTurns, time: any TimeSource, logger: Logger,
        didRemove: @escaping @Sendable (CachedItem) -> Void
    ) {
        self.store = store
        self.scheduler = scheduler
        self.mayDelete = mayDelete
        self.fills = fills
        self.turns = turns
        self.time = time
        self.logger = logger
        self.didRemove = didRemove
    }

    // MARK: What happens

    func didStore(_ item: CachedItem, needs: [Digest] = []) {
        learn(UseRecord(item, needs: needs, lastUse: time.now), isChange: true)
    }

    func didUse(_ item: CachedItem, at now: WallTime) {
        scheduler.didUse(item, at: now)
        state.withLock { state in
            guard let needs = state.needs[item] else {
                state.earlyUses?[item] = now
                return
            }
            state.changes[item] = .known(UseRecord(item, needs: needs, lastUse: now))
        }
    }

    private func learn(_ record: UseRecord, isChange: Bool) {
        scheduler.didStore(record.item, needs: record.needs, lastUse: record.lastUse)
        state.withLock { state in
            if isChange { state.changes[record.item] = .known(record) }
            guard state.needs.updateValue(record.needs, forKey: record.item) == nil else { return }
            state.holders[record.item.digest, default: 0] += 1
        }
    }

    private func forget(_ item: CachedItem, isChange: Bool) {
        scheduler.didRemove(item)
        state.withLock { state in
            if isChange { state.changes[item] = .removed(item) }
            guard state.needs.removeValue(forKey: item) != nil else { return }
            let count = (state.holders[item.digest] ?? 1) - 1
            state.holders[item.digest] = count > 0 ? count : nil
        }
    }

    // MARK: In the background

    /// Learns what is held, then writes down uses and removes what has expired, until the task
    /// is cancelled; then writes down the last uses.
    func run() async {
        var journal: UseJournal?
        var isComplete = false
        var nextSweep = time.now
        while !Task.isCancelled {
            // Before everything held is known, it cannot be told what nobody needs.
            if !isComplete { isComplete = await learnAll(from: &journal) }
            await write(to: &journal)
            if mayDelete, isComplete { await evict() }
            if time.now >= nextSweep {
                await sweep()
                nextSweep = time.now + Self.sweepInterval
            }
            do { try await time.sleep(for: Self.interval) } catch { break }
        }
        await write(to: &journal)
    }

    private func sweep() async {
        do throws(StorageError) { try await store.driver.sweep() } catch {
            logger.warning("the storage cannot be tidied", LogField("error", "\(error)"))
        }
    }

    /// Learns of everything held: from the journal, unless that was read before, and what the
    /// journal does not know from the storage.
    ///
    /// - Returns: whether all of it is known now.
    private func learnAll(from journal: inout UseJournal?) async -> Bool {
        do throws(StorageError) {
            if journal == nil { journal = try await restore() }
            let adoption = Adoption(store: store, knows: { [scheduler] in scheduler.knows($0) })
            try await adoption.run { [self] item, needs in didStore(item, needs: needs) }
        } catch {
            logger.warning(
                "the storage cannot be read through; nothing is removed before it can be",
                LogField("error", "\(error)"))
            return false
        }
        if Task.isCancelled { return false }
        let uses = state.withLock { state in
            defer { state.earlyUses = nil }
            return state.earlyUses ?? [:]
        }
        for (item, time) in uses { didUse(item, at: time) }
        return true
    }

    private func restore() async throws(StorageError) -> UseJournal {
        let (journal, changes) = try await UseJournal.open(store.driver, logger: logger)
        for change in changes {
            switch change {
            case .known(let record): learn(record, isChange: false)
            case .removed(let item): forget(item, isChange: false)
            }
        }
        return journal
    }

    private func write(to journal: inout UseJournal?) async {
        guard let isLong = journal?.isLong else { return }
        let changes = state.withLock { state in
            defer { state.changes = [:] }
            return state.changes
        }
        if changes.isEmpty { return }
        do throws(StorageError) {
            if isLong {
                try await journal?.replace(with: scheduler.records())
            } else {
                try await journal?.append(Array(changes.values))
            }
        } catch {
            logger.warning("use times cannot be written", LogField("error", "\(error)"))
            state.withLock { $0.changes.merge(changes) { later, _ in later } }
        }
    }

    // MARK: Removing

    private func evict() async {
        while !Task.isCancelled {
            let victims = scheduler.victims(at: time.now, limit: Self.batchLimit)
            if victims.isEmpty { return }
            for item in victims {
                do throws(StorageError) {
                    try await turns.run(item.digest) { () async throws(StorageError) in
                        if !fills.contains(item.digest) { try await remove(item) }
                    }
                } catch {
                    logger.error(
                        "expired content cannot be removed",
                        LogField("digest", item.digest.text), LogField("error", "\(error)"))
                }
            }
        }
    }

    /// Removes an item: first what leads to it, then, when no other has it, its bytes. Only then
    /// is it forgotten, so that what fails is tried again.
    private func remove(_ item: CachedItem) async throws(StorageError) {
        switch item.kind {
        case .blob: try await store.unlink(blob: item.digest, in: item.repository)
        case .manifest:
            try await removeTags(of: item)
            try await store.unlink(manifest: item.digest, in: item.repository)
        }
        didRemove(item)
        if isLastHolder(item) { try await store.removeData(item.digest) }
        forget(item, isChange: true)
        logger.info(
            "expired content removed", LogField("type", item.kind.rawValue),
            LogField("digest", item.digest.text), LogField("repository", item.repository.text))
    }

    private func isLastHolder(_ item: CachedItem) -> Bool {
        state.withLock { $0.needs[item] != nil && $0.holders[item.digest] == 1 }
    }

    /// Removes the tags that name a manifest, and what others keep of having named it.
    private func removeTags(of item: CachedItem) async throws(StorageError) {
        var last: String?
        while true {
            let page = try await store.tags(in: item.repository, after: last, limit: 256)
            if page.isEmpty { return }
            for tag in page {
                if try await store.digest(of: tag, in: item.repository) == item.digest {
                    try await store.remove(tag, in: item.repository)
                } else {
                    try await store.removeTrace(of: item.digest, from: tag, in: item.repository)
                }
            }
            last = page.last?.text
        }
    }
}

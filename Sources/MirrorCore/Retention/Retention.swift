internal import Synchronization

/// Keeps the eviction scheduler informed, its knowledge on disk, and has done what it decides.
final class Retention: Sendable {
    /// How often changes are written down and the scheduler is asked; a crash loses at most so
    /// much of the use times.
    private static let interval = Duration.seconds(30)
    /// How often it is heard what other mirrors over the same storage have removed, so that it is
    /// not served from memory for long.
    private static let hearingInterval = Duration.seconds(5)
    private static let sweepInterval = Duration.seconds(24 * 3600)

    private let store: ContentStore
    private let scheduler: any EvictionScheduler
    private let mayDelete: Bool
    let holdings: Holdings
    private let tags: TagIndex
    let removed = EvictionCounters()
    private let evictor: Evictor
    private let orphans: OrphanSweep
    private let sound: SoundStore
    private let time: any TimeSource
    private let logger: Logger
    private let letGo: Evictor.LetGo
    private let letGoIdle: @Sendable () -> Void
    private let schedule: ReferenceSchedule
    /// What was read of it, until that is written in the journal.
    private let scheduleFinding = Mutex(ReferenceSchedule.Finding.nothing)
    private let journal = Mutex<UseJournal?>(nil)
    private let syncing = RepeatedWork()
    private let isWriteDue = Atomic(false)
    private let evicting = RepeatedWork()
    /// Whether everything held is known, and may be removed. Before that it cannot be told what
    /// nobody needs.
    private let isActive = Atomic(false)
    private let hasLearntAll = Atomic(false)
    /// Whether nothing more is learnt, only written down.
    private let isEnding = Atomic(false)
    private let lastSpace = Mutex<StorageSpace?>(nil)

    /// - Parameters:
    ///   - sound: what damage shows in while what is held is learnt.
    ///   - mayDelete: whether anything is removed; use is recorded all the same.
    ///   - pins: images that stay.
    ///   - tags: which tags go with a manifest.
    ///   - referenceTimeToLive: how long the reference registry keeps what it fetched.
    ///   - letGo: told of what is about to be removed, or has been by another process, to forget
    ///     it.
    ///   - letGoIdle: told now and then to close what nobody reads.
    init(
        _ store: ContentStore, sound: SoundStore, scheduler: any EvictionScheduler,
        mayDelete: Bool, pins: ImagePatterns, tags: TagIndex, referenceTimeToLive: Duration,
        fills: FillTable, turns: DigestTurns, time: any TimeSource,
        logger: Logger, letGo: @escaping Evictor.LetGo,
        letGoIdle: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.sound = sound
        self.scheduler = scheduler
        self.mayDelete = mayDelete
        self.tags = tags
        self.time = time
        self.logger = logger
        self.letGo = letGo
        self.letGoIdle = letGoIdle
        holdings = Holdings(scheduler)
        schedule = ReferenceSchedule(
            store.driver, timeToLive: referenceTimeToLive, logger: logger)
        evictor = Evictor(
            store: store, scheduler: scheduler, pins: pins, holdings: holdings, tags: tags,
            fills: fills, turns: turns, time: time, logger: logger, removed: removed,
            letGo: letGo)
        orphans = OrphanSweep(
            store: store, holdings: holdings, fills: fills, turns: turns,
            everything: Adoption(
                store: store, time: time, logger: logger, knows: { _ in false },
                manifest: sound.manifest),
            time: time, logger: logger)
    }

    /// Whether everything held is known.
    var isComplete: Bool { hasLearntAll.load(ordering: .relaxed) }

    /// How much room the storage had when it was last looked at.
    var space: StorageSpace? { lastSpace.withLock { $0 } }

    // MARK: What happens

    /// An item of `size` bytes is held from now on.
    func didStore(_ item: CachedItem, size: Int64, needs: [Digest] = []) {
        let now = time.now
        holdings.didStore(
            HeldItem(item, needs: needs, size: size, storedAt: now, lastUse: now))
        requestEviction()
    }

    func didUse(_ item: CachedItem, at now: WallTime) {
        holdings.didUse(item, at: now)
    }

    /// Whether a held manifest of a repository is known that needs a digest.
    func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool {
        holdings.isNeeded(digest, in: repository)
    }

    /// Looks soon whether something has to go, since more is held, or on its way.
    func requestEviction() {
        guard isActive.load(ordering: .acquiring) else { return }
        evicting.request { [self] in await evict() }
    }

    /// Removes what was used least recently until `byteCount` bytes are free that were not.
    ///
    /// - Returns: whether any are.
    func makeRoom(_ byteCount: Int64) async -> Bool {
        guard isActive.load(ordering: .acquiring) else { return false }
        return await evict(wanted: byteCount) > 0
    }

    // MARK: In the background

    /// Learns what is held, then writes down uses and removes what has to go, until the task is
    /// cancelled; then writes down the last uses.
    func run() async {
        isEnding.store(false, ordering: .relaxed)
        var progress = Progress(nextRound: time.now, nextSweep: time.now)
        while !Task.isCancelled {
            if time.now >= progress.nextRound {
                await round(&progress)
            } else {
                await hear()
                await evictIfDue()
            }
            do { try await time.sleep(for: Self.hearingInterval) } catch { break }
        }
        isActive.store(false, ordering: .releasing)
        await evicting.finish()
        isEnding.store(true, ordering: .relaxed)
        await sync()
    }

    private struct Progress {
        var nextRound: WallTime
        var nextSweep: WallTime
        var isComplete = false
        var lastOrphan: Digest?
    }

    private func round(_ progress: inout Progress) async {
        if !progress.isComplete {
            progress.isComplete = await learnAll(reading: sound.manifest, withTags: mayDelete)
        }
        if Task.isCancelled { return }
        if mayDelete, progress.isComplete { isActive.store(true, ordering: .releasing) }
        letGoIdle()
        await sync()
        // What it said is in the journal now.
        if progress.isComplete { await schedule.setAside(takeScheduleFinding()) }
        let space = try? await store.driver.space()
        lastSpace.withLock { $0 = space }
        if isActive.load(ordering: .acquiring) {
            await evicting.run { [self] in await evict() }
        }
        if time.now >= progress.nextSweep {
            await sweep(&progress.lastOrphan)
            progress.nextSweep = time.now + Self.sweepInterval
        }
        progress.nextRound = time.now + Self.interval
    }

    /// What was being read when it should have gone does not wait for the next round.
    private func evictIfDue() async {
        let now = time.now
        guard isActive.load(ordering: .acquiring),
            let wake = scheduler.nextWake(after: now), wake <= now
        else { return }
        await evicting.run { [self] in await evict() }
    }

    @discardableResult
    private func evict(wanted: Int64 = 0) async -> Int64 {
        let freed = await evictor.run(wanted: wanted) {
            isActive.load(ordering: .acquiring)
        } refresh: {
            // Another mirror may have no room either, for what is open here.
            letGoIdle()
            await sync()
        }
        // Others are told at once, so that they do not serve what is gone.
        if freed > 0 { await sync() }
        return freed
    }

    private func sweep(_ lastOrphan: inout Digest?) async {
        do throws(StorageError) {
            try await store.driver.sweep()
            guard isActive.load(ordering: .acquiring) else { return }
            lastOrphan = try await orphans.run(after: lastOrphan)
        } catch {
            logger.warning("the storage cannot be tidied", LogField("error", "\(error)"))
        }
    }

    // MARK: Learning

    private func takeScheduleFinding() -> ReferenceSchedule.Finding {
        scheduleFinding.withLock { finding in
            defer { finding = .nothing }
            return finding
        }
    }

    /// Learns of everything held: from the journal, and what the journal does not know from the
    /// storage.
    ///
    /// - Parameter withTags: whether all tags are learnt of as well, which only what is removed
    ///   needs.
    /// - Returns: whether all of it is known now.
    private func learnAll(
        reading manifest: @escaping Adoption.ManifestReader, withTags: Bool
    ) async -> Bool {
        do throws(StorageError) {
            try await readJournal()
            let (lastUses, finding) = await schedule.read { !holdings.knows($0) }
            scheduleFinding.withLock { $0 = finding }
            let adoption = Adoption(
                store: store, time: time, logger: logger,
                knows: { [holdings] in holdings.knows($0) }, lastUses: lastUses,
                manifest: manifest)
            try await adoption.run { [holdings] held in holdings.didStore(held) }
            if withTags { try await tags.learn(from: store) }
        } catch {
            logger.warning(
                "the storage cannot be read through; nothing is removed before it can be",
                LogField("error", "\(error)"))
            return false
        }
        if Task.isCancelled { return false }
        holdings.didLearnAll()
        hasLearntAll.store(true, ordering: .relaxed)
        return true
    }

    /// What would be removed now, at most `limit` images. Removes nothing, and writes nothing.
    func plan(limit: Int) async throws(StorageError) -> [PlannedEviction] {
        if !isActive.load(ordering: .acquiring) {
            // Without setting damage aside, as requests and the mirror's own work do.
            let isComplete = await learnAll(
                reading: { [store] digest, repository async throws(StorageError) in
                    try await store.manifest(digest, in: repository)
                }, withTags: true)
            if !isComplete { return [] }
        }
        return try await evictor.plan(limit: limit)
    }

    // MARK: The journal

    /// Learns what other processes have written down, and writes down what has changed here.
    private func sync() async {
        isWriteDue.store(true, ordering: .releasing)
        await hear()
    }

    /// Learns what other processes have written down.
    private func hear() async {
        await syncing.run { [self] in
            do throws(StorageError) {
                if !isEnding.load(ordering: .relaxed) { try await readJournal() }
            } catch {
                logger.warning("use times cannot be read", LogField("error", "\(error)"))
            }
            if isWriteDue.exchange(false, ordering: .acquiringAndReleasing) {
                await writeJournal()
            }
        }
    }

    private func readJournal() async throws(StorageError) {
        let known = journal.withLock { $0 }
        var journal = known ?? UseJournal(store.driver, logger: logger)
        var removed: [CachedItem] = []
        try await journal.readNews { change in
            if case .removed(let item) = change, known != nil { return removed.append(item) }
            holdings.learn(change)
        }
        self.journal.withLock { [journal] in $0 = journal }
        for item in removed where try await !store.has(item) {
            holdings.learn(.removed(item))
            letGo(item, tags.take(item))
            store.losses.add(item.digest)
        }
    }

    private func writeJournal() async {
        guard var journal = journal.withLock({ $0 }) else { return }
        let changes = holdings.takeChanges()
        if changes.isEmpty { return }
        do throws(StorageError) {
            // A write that fails half-way has written a segment all the same.
            defer { self.journal.withLock { [journal] in $0 = journal } }
            try await journal.append(Array(changes.values))
            if journal.isWasteful(whileHeld: holdings.itemCount) {
                try await journal.replace(with: scheduler.records(), knows: scheduler.knows)
            } else if journal.isFragmented {
                try await journal.pack(knows: scheduler.knows)
            }
        } catch {
            logger.warning("use times cannot be written", LogField("error", "\(error)"))
            holdings.putBack(changes)
        }
    }
}

/// Removes from the store what the eviction scheduler says. It is the only place that removes
/// content.
///
/// What is being read, in whatever process, or filled, or pinned, stays. One process at a time
/// removes from a store.
struct Evictor: Sendable {
    /// Images removed before the scheduler is asked again.
    private static let batchLimit = 256
    /// When an image that is pinned comes up again.
    private static let pinPause = Duration.seconds(3600)
    /// When an image that is being read comes up again: most are not read for long.
    private static let usePause = Duration.seconds(1)

    let store: ContentStore
    let scheduler: any EvictionScheduler
    let pins: ImagePatterns
    let holdings: Holdings
    let tags: TagIndex
    let fills: FillTable
    let turns: DigestTurns
    let time: any TimeSource
    let logger: Logger
    let removed: EvictionCounters
    /// Told of what is about to go, so that it is not served from memory any more.
    let letGo: LetGo

    /// Forgets an item that goes with the tags that lead to it.
    typealias LetGo = @Sendable (CachedItem, Set<Tag>) -> Void

    /// Removes images until the scheduler names no more.
    ///
    /// - Parameters:
    ///   - wanted: bytes that somebody has no room for.
    ///   - isWanted: whether to go on.
    ///   - refresh: learns what other processes have used since; asked once there is a victim.
    /// - Returns: how many bytes are free that were not.
    func run(
        wanted: Int64 = 0, while isWanted: () -> Bool, refresh: () async -> Void
    ) async -> Int64 {
        var freed: Int64 = 0
        while isWanted() {
            let situation = await situation(wanted: max(0, wanted - freed))
            let victims = scheduler.victims(in: situation, limit: Self.batchLimit)
            if victims.isEmpty { return freed }
            await refresh()
            guard let turn = await store.beginEviction() else {
                for victim in victims { comesUpAgain(victim, after: Self.usePause) }
                return freed
            }
            for victim in victims where isWanted() {
                if holdings.isRenewed(victim) {
                    comesUpAgain(victim, after: .zero)
                    continue
                }
                // Whoever has no room may be at work on a digest, and waits for this.
                if await remove(victim, mayWait: wanted == 0) {
                    freed += victim.byteCount
                }
            }
            await turn.end()
            if wanted > 0, freed >= wanted { return freed }
        }
        return freed
    }

    /// What would go, and the tags that would go with it.
    func plan(limit: Int) async throws(StorageError) -> [PlannedEviction] {
        var plan: [PlannedEviction] = []
        for victim in scheduler.plan(in: await situation(wanted: 0), limit: limit) {
            guard let root = victim.items.first else { continue }
            let tags = try await tags(naming: root)
            let isPinned = pins.match(root.repository, tags: tags)
            plan.append(PlannedEviction(victim: victim, tags: tags, isPinned: isPinned))
        }
        return plan
    }

    /// The tags that name a manifest now, in their order.
    private func tags(naming item: CachedItem) async throws(StorageError) -> [Tag] {
        var naming: [Tag] = []
        for tag in tags.tags(leadingTo: item)
        where try await store.digest(of: tag, in: item.repository) == item.digest {
            naming.append(tag)
        }
        return naming.sorted { $0.text < $1.text }
    }

    private func situation(wanted: Int64) async -> EvictionSituation {
        let arriving = fills.expected
        // A fill may have stored its blob already, and be about to end.
        let missing = arriving.filter { !holdings.isStored($0.digest) }
        return EvictionSituation(
            now: time.now, space: try? await store.driver.space(),
            expectedByteCount: missing.reduce(0) { $0 + $1.byteCount },
            wantedByteCount: wanted, arriving: Set(arriving.flatMap(\.items)))
    }

    // MARK: One image

    /// It is named again, by its place among all then.
    private func comesUpAgain(_ victim: EvictionVictim, after pause: Duration) {
        guard let root = victim.items.first else { return }
        scheduler.postpone(root, until: time.now + pause)
    }

    /// - Returns: whether all of it is gone.
    private func remove(
        _ victim: EvictionVictim, mayWait: Bool
    ) async -> Bool {
        guard let root = victim.items.first else { return false }
        do throws(StorageError) {
            if pins.mayMatch(root.repository),
                pins.match(root.repository, tags: try await tags(naming: root))
            {
                comesUpAgain(victim, after: Self.pinPause)
                return false
            }
            for item in victim.items { letGo(item, tags.tags(leadingTo: item)) }
            if try await isInUse(victim) {
                comesUpAgain(victim, after: Self.usePause)
                return false
            }
            for item in victim.items {
                guard try await remove(item, mayWait: mayWait) else { return false }
            }
        } catch {
            logger.error(
                "content cannot be removed", LogField("digest", root.digest.text),
                LogField("repository", root.repository.text), LogField("error", "\(error)"))
            return false
        }
        removed.didRemove(victim)
        logger.info(
            "content removed", LogField("reason", victim.reason.rawValue),
            LogField("digest", root.digest.text), LogField("repository", root.repository.text),
            LogField("items", victim.items.count), LogField("bytes", victim.byteCount))
        return true
    }

    /// Whether a part of it is arriving, or what would go of it is being read. Bytes that stay for
    /// another image may be read by whoever wants that.
    private func isInUse(_ victim: EvictionVictim) async throws(StorageError) -> Bool {
        if victim.items.contains(where: { fills.contains($0) }) { return true }
        for digest in holdings.digests(freedBy: victim.items) {
            if fills.contains(digest) { return true }
            if try await store.isInUse(digest) { return true }
        }
        return false
    }

    /// Removes an item, and what it alone needed and no repository has.
    ///
    /// - Returns: false when it stays.
    private func remove(
        _ item: CachedItem, mayWait: Bool
    ) async throws(StorageError) -> Bool {
        let freed = try await turn(item.digest, mayWait) {
            () async throws(StorageError) -> [Digest]? in
            if fills.contains(item) { return nil }
            return try await removeLinks(to: item)
        }
        guard let freed = freed ?? nil else { return false }
        for digest in freed where digest != item.digest {
            _ = try await turn(digest, mayWait) { () async throws(StorageError) in
                guard !holdings.contains(digest), !fills.contains(digest) else { return }
                try await store.removeData(digest)
            }
        }
        return true
    }

    private func turn<Result>(
        _ digest: Digest, _ mayWait: Bool, _ work: () async throws(StorageError) -> Result
    ) async throws(StorageError) -> Result? {
        mayWait
            ? try await turns.run(digest, work) : try await turns.runIfFree(digest, work)
    }

    /// Removes first what leads to an item, then, when nothing has or needs them any more, its
    /// bytes. Only then is it forgotten, so that what fails is tried again.
    ///
    /// - Returns: the digests that nothing has or needs now.
    private func removeLinks(to item: CachedItem) async throws(StorageError) -> [Digest] {
        let leading = tags.take(item)
        do {
            try await unlink(item, leading)
        } catch {
            tags.putBack(leading, leadingTo: item)
            throw error
        }
        letGo(item, leading)
        if holdings.isLast(item), !fills.contains(item.digest) {
            try await store.removeData(item.digest)
        }
        return holdings.forget(item)
    }

    private func unlink(_ item: CachedItem, _ tags: Set<Tag>) async throws(StorageError) {
        guard item.kind == .manifest else {
            return try await store.unlink(blob: item.digest, in: item.repository)
        }
        for tag in tags {
            // What the tag names now, whatever it did when that was looked up.
            if try await store.digest(of: tag, in: item.repository) == item.digest {
                try await store.remove(tag, in: item.repository)
            } else {
                try await store.removeTrace(of: item.digest, from: tag, in: item.repository)
            }
        }
        try await store.unlink(manifest: item.digest, in: item.repository)
    }
}

/// What a dry run says of an image.
public struct PlannedEviction: Hashable, Sendable {
    /// The image, and why it would go.
    public var victim: EvictionVictim
    /// The tags that name it.
    public var tags: [Tag]
    /// Whether it stays all the same, being pinned.
    public var isPinned: Bool
}

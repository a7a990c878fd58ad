/// What goes next.
extension ImageIndex {
    /// When an image that was named, and is still there, comes up again.
    private static let secondChance = Duration.seconds(60)
    /// When an image of which a part is arriving is looked at again.
    private static let arrivalPause = Duration.seconds(1)

    mutating func victims(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] {
        readmit(at: situation.now)
        var batch = Batch(situation: situation, limit: limit, release: counts.release)
        for share in parts.indices {
            takeAged(from: share, &batch)
            takeUnused(from: share, &batch)
        }
        for share in parts.indices { takeLeastUsed(from: share, &batch) }
        takeLeastUsed(&batch)
        return batch.victims
    }

    /// Victims that are being collected.
    private struct Batch {
        let situation: EvictionSituation
        let limit: Int
        var release: ContentCounts.Release
        var victims: [EvictionVictim] = []

        var hasRoom: Bool { victims.count < limit }
        var byteCount: Int64 { victims.reduce(0) { $0 + $1.byteCount } }
    }

    /// What would go if every victim went.
    func plan(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] {
        var index = self
        var situation = situation
        var plan: [EvictionVictim] = []
        while plan.count < limit {
            let victims = index.victims(in: situation, limit: min(256, limit - plan.count))
            if victims.isEmpty { break }
            for victim in victims {
                for item in victim.items { _ = index.didRemove(item) }
                situation.space?.available += victim.byteCount
                situation.wantedByteCount -= victim.byteCount
            }
            plan += victims
        }
        return plan
    }

    /// When the next image is too old, or unused for too long.
    var nextWake: WallTime? {
        let times = parts.flatMap { part in
            [
                part.policy.timeToLive.flatMap { time in part.byUse.first.map { $0.time + time } },
                part.policy.maxAge.flatMap { age in part.byAge.first.map { $0.time + age } },
            ]
        }
        return (times + [postponed.first?.time]).compactMap { $0 }.min()
    }

    // MARK: By time

    private mutating func takeAged(from share: Int, _ batch: inout Batch) {
        guard let maxAge = parts[share].policy.maxAge else { return }
        while batch.hasRoom, let (key, storedAt) = parts[share].byAge.first,
            storedAt + maxAge <= batch.situation.now
        {
            lookCount += 1
            parts[share].byAge.removeFirst()
            guard let known = held[key], known.storedAt == storedAt, isImage(key) else { continue }
            if case .postponed = known.place { continue }
            take(key, .age, &batch)
        }
    }

    private mutating func takeUnused(from share: Int, _ batch: inout Batch) {
        guard let timeToLive = parts[share].policy.timeToLive else { return }
        while batch.hasRoom, let (key, lastUse) = leastUsed(in: share),
            lastUse + timeToLive <= batch.situation.now
        {
            take(key, .unused, &batch)
        }
    }

    // MARK: By last use

    private mutating func takeLeastUsed(from share: Int, _ batch: inout Batch) {
        guard let counts = parts[share].counts else { return }
        var excess = excess(of: share)
        // What goes anyway is no part of the registry's excess.
        var release = counts.release
        for victim in batch.victims where victim.repository.map(shares.part) == share {
            excess -= release.add(victim.items.compactMap { record(of: $0) })
        }
        while batch.hasRoom, excess > 0, let (key, _) = leastUsed(in: share) {
            guard let victim = take(key, .size, &batch) else { continue }
            excess -= release.add(victim.items.compactMap { record(of: $0) })
        }
    }

    private mutating func takeLeastUsed(_ batch: inout Batch) {
        var storeExcess = storeExcess(batch.situation) - batch.byteCount
        var spaceExcess = spaceExcess(batch.situation) - batch.byteCount
        while batch.hasRoom, storeExcess > 0 || spaceExcess > 0, let key = leastUsed() {
            guard let victim = take(key, storeExcess > 0 ? .size : .space, &batch) else {
                continue
            }
            storeExcess -= victim.byteCount
            spaceExcess -= victim.byteCount
        }
    }

    /// How many bytes too many a registry has.
    private mutating func excess(of share: Int) -> Int64 {
        guard let maxSize = parts[share].policy.maxSize, let counts = parts[share].counts else {
            return 0
        }
        return parts[share].mark.excess(counts.byteCount, high: maxSize, low: low(maxSize))
    }

    private mutating func storeExcess(_ situation: EvictionSituation) -> Int64 {
        guard let maxSize = limits.maxSize else { return 0 }
        let level = counts.byteCount + situation.expectedByteCount
        return storeMark.excess(level, high: maxSize, low: low(maxSize))
    }

    private mutating func spaceExcess(_ situation: EvictionSituation) -> Int64 {
        var excess = situation.wantedByteCount
        if let minFree = limits.minFree, let space = situation.space {
            let high = space.total - minFree.byteCount(of: space)
            let low = high - Int64(Double(space.total - high) * limits.headroom)
            let level = space.total - space.available
            excess = max(excess, spaceMark.excess(level, high: high, low: low))
        }
        return excess
    }

    private func low(_ maxSize: Int64) -> Int64 {
        maxSize - Int64(Double(maxSize) * limits.headroom)
    }

    /// The image that was used least recently.
    private mutating func leastUsed() -> Key? {
        var least: (key: Key, lastUse: WallTime)?
        for share in parts.indices {
            guard let first = leastUsed(in: share) else { continue }
            if first.lastUse < least?.lastUse ?? .distantFuture { least = first }
        }
        return least?.key
    }

    /// The image of a registry that was used least recently, and when that was: its last use is
    /// that of the last used part of it.
    private mutating func leastUsed(in share: Int) -> (key: Key, lastUse: WallTime)? {
        while let (key, queuedAt) = parts[share].byUse.first {
            lookCount += 1
            guard held[key]?.place == .queued(at: queuedAt) else {
                parts[share].byUse.removeFirst()
                continue
            }
            guard isImage(key) else {
                parts[share].byUse.removeFirst()
                setPlace(.none, key)
                continue
            }
            let lastUse = lastUse(ofImage: key)
            if lastUse <= queuedAt { return (key, queuedAt) }
            parts[share].byUse.removeFirst()
            parts[share].byUse.push(key, at: lastUse)
            setPlace(.queued(at: lastUse), key)
        }
        return nil
    }

    private mutating func lastUse(ofImage root: Key) -> WallTime {
        let items = items(ofImage: root)
        lookCount += items.count
        return items.reduce(.distantPast) { max($0, held[$1]?.lastUse ?? .distantPast) }
    }

    // MARK: Taking

    /// Names an image, unless a part of it is arriving.
    @discardableResult
    private mutating func take(
        _ root: Key, _ reason: EvictionReason, _ batch: inout Batch
    ) -> EvictionVictim? {
        let records = items(ofImage: root).compactMap { record(of: $0) }
        lookCount += records.count
        let now = batch.situation.now
        guard !isArriving(records, batch.situation.arriving) else {
            postpone(root, until: now + Self.arrivalPause)
            return nil
        }
        let victim = EvictionVictim(
            items: records.map(\.item), reason: reason,
            lastUse: records.map(\.lastUse).max() ?? .distantPast,
            byteCount: batch.release.add(records))
        batch.victims.append(victim)
        postpone(root, until: now + Self.secondChance)
        return victim
    }

    private func isArriving(_ records: [HeldItem], _ arriving: Set<CachedItem>) -> Bool {
        guard !arriving.isEmpty else { return false }
        return records.contains { record in
            ([record.item.digest] + record.needs).contains { digest in
                arriving.contains(CachedItem(.blob, digest, in: record.item.repository))
            }
        }
    }
}

/// What is held, as images: which manifest needs what, and what was used when. A value; time is
/// passed in.
///
/// An image is a manifest or index that no other held one of its repository needs, with all that
/// nothing else there needs. A blob that no held manifest needs is an image of its own.
///
/// Images wait in heaps by their last use. A use does not touch them: an image that comes up too
/// early is put back where its last use says, so the cost follows the evictions and not the
/// requests, and not how much is held.
struct ImageIndex {
    /// One item.
    struct Held {
        var needs: [Digest]
        var size: Int64
        var storedAt: WallTime
        var lastUse: WallTime
        /// Where it waits in the heap by use; entries with another time are left from before.
        var queuedAt: WallTime?
        /// Until when it is not named again, where it was named already or cannot go for now.
        var postponedUntil: WallTime?
    }

    /// A digest as one repository needs it.
    private struct Need: Hashable {
        var digest: Digest
        var repository: RepositoryName
    }

    private(set) var held: [CachedItem: Held] = [:]
    /// How many held manifests of a repository need a digest.
    private var needed: [Need: Int] = [:]
    private(set) var counts = ContentCounts()
    /// One for each registry.
    var shares: UpstreamRoutes<Int>
    var parts: [RegistryShare]
    /// Images that are not to be named before some time.
    var postponed = TimeHeap()
    let limits: StoreLimits
    /// How many items were looked at to find what goes: what that has cost so far.
    var lookCount = 0
    var storeMark = WaterMark()
    var spaceMark = WaterMark()

    init(main: EvictionPolicy, others: [UpstreamName: EvictionPolicy], limits: StoreLimits) {
        self.limits = limits
        let names = others.keys.sorted { $0.text < $1.text }
        parts = ([main] + names.compactMap { others[$0] }).map { RegistryShare($0) }
        let numbers = names.enumerated().map { ($1, $0 + 1) }
        shares = UpstreamRoutes(main: 0, others: Dictionary(uniqueKeysWithValues: numbers))
    }

    // MARK: Events

    mutating func didStore(_ new: HeldItem) {
        let known = record(of: new.item)
        var entry = Held(
            needs: new.needs, size: new.size, storedAt: new.storedAt,
            lastUse: max(new.lastUse, known?.lastUse ?? .distantPast))
        entry.queuedAt = held[new.item]?.queuedAt
        entry.postponedUntil = held[new.item]?.postponedUntil
        held[new.item] = entry
        for digest in new.needs {
            needed[Need(digest: digest, repository: new.item.repository), default: 0] += 1
        }
        let share = shares.part(for: new.item.repository)
        counts.add(new)
        parts[share].counts?.add(new)
        enqueue(new.item)
        // It was damaged when it was found, and has been healed since.
        if let known { forget(known) }
    }

    mutating func didUse(_ item: CachedItem, at now: WallTime) {
        guard let known = held[item], known.lastUse < now else { return }
        held[item]?.lastUse = now
    }

    mutating func didRemove(_ item: CachedItem) -> HeldItem? {
        guard let known = record(of: item) else { return nil }
        held[item] = nil
        forget(known)
        return known
    }

    /// What a record stood for counts no more; what it needed may be an image of its own now.
    private mutating func forget(_ known: HeldItem) {
        let repository = known.item.repository
        counts.remove(known)
        parts[shares.part(for: repository)].counts?.remove(known)
        for digest in known.needs {
            let need = Need(digest: digest, repository: repository)
            let count = (needed[need] ?? 1) - 1
            needed[need] = count > 0 ? count : nil
            guard count == 0 else { continue }
            for item in items(of: digest, in: repository) { enqueue(item) }
        }
    }

    // MARK: Questions

    /// What is known of an item.
    func record(of item: CachedItem) -> HeldItem? {
        held[item].map {
            HeldItem(
                item, needs: $0.needs, size: $0.size, storedAt: $0.storedAt, lastUse: $0.lastUse)
        }
    }

    /// Everything known.
    var records: [HeldItem] { held.keys.compactMap { record(of: $0) } }

    /// What a repository has of a digest.
    private func items(of digest: Digest, in repository: RepositoryName) -> [CachedItem] {
        [CachedItem.Kind.manifest, .blob].map { CachedItem($0, digest, in: repository) }
            .filter { held[$0] != nil }
    }

    /// Whether a held manifest of a repository needs a digest.
    func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool {
        needed[Need(digest: digest, repository: repository)] != nil
    }

    /// Whether no held manifest of its repository needs an item.
    func isImage(_ item: CachedItem) -> Bool { !isNeeded(item.digest, in: item.repository) }

    /// The items of an image, the manifest first, then what it needs, and nothing that anything
    /// else needs.
    func items(ofImage root: CachedItem) -> [CachedItem] {
        var items = [root]
        var needers: [Digest: Int] = [:]
        var next = 0
        while next < items.count {
            for digest in held[items[next]]?.needs ?? [] {
                needers[digest, default: 0] += 1
                let need = Need(digest: digest, repository: root.repository)
                if needers[digest] == needed[need] {
                    items += self.items(of: digest, in: root.repository)
                }
            }
            next += 1
        }
        return items
    }

    // MARK: Waiting

    /// Lets an item wait for its turn if it is an image and does not wait already.
    mutating func enqueue(_ item: CachedItem) {
        guard let known = held[item], known.queuedAt == nil, known.postponedUntil == nil,
            isImage(item)
        else { return }
        let share = shares.part(for: item.repository)
        held[item]?.queuedAt = known.lastUse
        parts[share].byUse.push(item, at: known.lastUse)
        if parts[share].policy.maxAge != nil { parts[share].byAge.push(item, at: known.storedAt) }
    }

    mutating func setQueuedAt(_ time: WallTime?, _ item: CachedItem) {
        held[item]?.queuedAt = time
    }

    mutating func postpone(_ item: CachedItem, until time: WallTime) {
        guard held[item] != nil else { return }
        held[item]?.queuedAt = nil
        held[item]?.postponedUntil = time
        postponed.push(item, at: time)
    }

    /// Lets those wait for their turn again whose time has come.
    mutating func readmit(at now: WallTime) {
        while let (item, time) = postponed.first, time <= now {
            lookCount += 1
            postponed.removeFirst()
            // It may have been postponed further since.
            guard held[item]?.postponedUntil == time else { continue }
            held[item]?.postponedUntil = nil
            enqueue(item)
        }
    }
}

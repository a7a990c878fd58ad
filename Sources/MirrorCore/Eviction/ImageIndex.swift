/// What is held, as images: which manifest needs what, and what was used when. A value; time is
/// passed in.
///
/// An image is a manifest or index that no other held one of its repository needs, with all that
/// nothing else there needs. A blob that no held manifest needs is an image of its own.
///
/// Images wait in heaps by their last use. A use does not touch them: an image that comes up too
/// early is put back where its last use says, so the cost follows the evictions and not the
/// requests, and not how much is held.
///
/// There may be a million items, so the tables name digests and repositories by numbers.
struct ImageIndex {
    /// An item: what of which digest which repository has.
    struct Key: Hashable {
        var content: Content
        var kind: CachedItem.Kind
    }

    /// A digest as one repository has or needs it, by the numbers of both.
    struct Content: Hashable {
        var digest: ContentCounts.Number
        var repository: Interner<RepositoryName>.Number
    }

    /// What is known of an item.
    struct Held {
        /// The digests that it needs, by their numbers.
        var needs: [ContentCounts.Number]
        var storedAt: WallTime
        var lastUse: WallTime
        var place = Place.none
    }

    /// Where an item waits. What heaps have of it besides is left from before.
    enum Place: Equatable {
        /// In none: another one needs it.
        case none
        /// In the heap by use, at this time.
        case queued(at: WallTime)
        /// Aside: it was named already, or cannot go for now.
        case postponed(until: WallTime)
    }

    private(set) var held: [Key: Held] = [:]
    /// How many held manifests of a repository need a digest.
    private var needed: [Content: UInt32] = [:]
    private(set) var counts = ContentCounts()
    private var repositories = Interner<RepositoryName>()
    /// How many items a repository has, by its number.
    private var itemCounts: [UInt32] = []
    /// One for each registry.
    var shares: UpstreamRoutes<Int>
    var parts: [RegistryShare]
    /// Images that are not to be named before some time.
    var postponed = TimeHeap<Key>()
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
        count(new)
        guard let key = key(of: new.item) else { return }
        let needs = new.needs.compactMap { counts.number(of: $0) }
        for digest in needs {
            needed[Content(digest: digest, repository: key.content.repository), default: 0] += 1
        }
        let former = held[key]
        held[key] = Held(
            needs: needs, storedAt: new.storedAt,
            lastUse: max(new.lastUse, former?.lastUse ?? .distantPast),
            place: former?.place ?? .none)
        enqueue(key)
        // It was damaged when it was found, and has been healed since.
        if let known, let former { forget(known, former, key.content.repository) }
    }

    mutating func didUse(_ item: CachedItem, at now: WallTime) {
        guard let key = key(of: item), let known = held[key], known.lastUse < now else { return }
        held[key]?.lastUse = now
    }

    mutating func didRemove(_ item: CachedItem) -> HeldItem? {
        guard let key = key(of: item), let record = record(of: key),
            let known = held.removeValue(forKey: key)
        else { return nil }
        forget(record, known, key.content.repository)
        return record
    }

    /// Gives numbers to what is new of an item, and counts it.
    private mutating func count(_ new: HeldItem) {
        counts.add(new)
        parts[shares.part(for: new.item.repository)].counts?.add(new)
        let repository = Int(repositories.insert(new.item.repository))
        if repository == itemCounts.count { itemCounts.append(0) }
        itemCounts[repository] += 1
    }

    /// What a record stood for counts no more; what it needed may be an image of its own now.
    private mutating func forget(
        _ record: HeldItem, _ known: Held, _ repository: Interner<RepositoryName>.Number
    ) {
        for digest in known.needs {
            let content = Content(digest: digest, repository: repository)
            let count = (needed[content] ?? 1) - 1
            needed[content] = count > 0 ? count : nil
            guard count == 0 else { continue }
            for key in keys(of: content) { enqueue(key) }
        }
        counts.remove(record)
        parts[shares.part(for: record.item.repository)].counts?.remove(record)
        itemCounts[Int(repository)] -= 1
        if itemCounts[Int(repository)] == 0 { repositories.remove(repository) }
    }

    // MARK: Questions

    /// How many items are known.
    var count: Int { held.count }

    /// Whether an item is known.
    func knows(_ item: CachedItem) -> Bool { key(of: item).map { held[$0] != nil } ?? false }

    /// What is known of an item.
    func record(of item: CachedItem) -> HeldItem? { key(of: item).flatMap { record(of: $0) } }

    /// Everything known.
    var records: [HeldItem] { held.keys.compactMap { record(of: $0) } }

    /// Whether a held manifest of a repository needs a digest.
    func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool {
        content(digest, repository).map { needed[$0] != nil } ?? false
    }

    // MARK: Items by number

    /// An item that may be held; nil where its digest or repository is not known.
    func key(of item: CachedItem) -> Key? {
        content(item.digest, item.repository).map { Key(content: $0, kind: item.kind) }
    }

    private func content(_ digest: Digest, _ repository: RepositoryName) -> Content? {
        guard let digest = counts.number(of: digest),
            let repository = repositories.number(of: repository)
        else { return nil }
        return Content(digest: digest, repository: repository)
    }

    /// The item that a key stands for, as long as it is held.
    func item(_ key: Key) -> CachedItem? {
        guard let digest = counts[key.content.digest],
            let repository = repositories[key.content.repository]
        else { return nil }
        return CachedItem(key.kind, digest, in: repository)
    }

    /// What is known of an item.
    func record(of key: Key) -> HeldItem? {
        guard let known = held[key], let item = item(key) else { return nil }
        return HeldItem(
            item, needs: known.needs.compactMap { counts[$0] },
            size: counts.size(of: key.content.digest), storedAt: known.storedAt,
            lastUse: known.lastUse)
    }

    /// What a repository has of a digest.
    private func keys(of content: Content) -> [Key] {
        [CachedItem.Kind.manifest, .blob].map { Key(content: content, kind: $0) }
            .filter { held[$0] != nil }
    }

    /// Whether no held manifest of its repository needs an item.
    func isImage(_ key: Key) -> Bool { needed[key.content] == nil }

    /// The items of an image, the manifest first, then what it needs, and nothing that anything
    /// else needs.
    func items(ofImage root: Key) -> [Key] {
        var items = [root]
        var needers: [ContentCounts.Number: UInt32] = [:]
        var next = 0
        while next < items.count {
            for digest in held[items[next]]?.needs ?? [] {
                needers[digest, default: 0] += 1
                let content = Content(digest: digest, repository: root.content.repository)
                if needers[digest] == needed[content] { items += keys(of: content) }
            }
            next += 1
        }
        return items
    }

    // MARK: Waiting

    /// Lets an item wait for its turn if it is an image and does not wait already.
    mutating func enqueue(_ key: Key) {
        guard let known = held[key], known.place == .none, isImage(key),
            let repository = repositories[key.content.repository]
        else { return }
        let share = shares.part(for: repository)
        held[key]?.place = .queued(at: known.lastUse)
        parts[share].byUse.push(key, at: known.lastUse)
        if parts[share].policy.maxAge != nil { parts[share].byAge.push(key, at: known.storedAt) }
    }

    mutating func setPlace(_ place: Place, _ key: Key) {
        held[key]?.place = place
    }

    mutating func postpone(_ item: CachedItem, until time: WallTime) {
        if let key = key(of: item) { postpone(key, until: time) }
    }

    mutating func postpone(_ key: Key, until time: WallTime) {
        guard held[key] != nil else { return }
        held[key]?.place = .postponed(until: time)
        postponed.push(key, at: time)
    }

    /// Lets those wait for their turn again whose time has come.
    mutating func readmit(at now: WallTime) {
        while let (key, time) = postponed.first, time <= now {
            lookCount += 1
            postponed.removeFirst()
            // It may have been postponed further since.
            guard held[key]?.place == .postponed(until: time) else { continue }
            held[key]?.place = .none
            enqueue(key)
        }
    }
}

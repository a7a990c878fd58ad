import MirrorCore

/// A scheduler with content of a test's invention: what is called `a` is the digest of that text.
struct SchedulerUnderTest {
    let scheduler: ImageScheduler
    let start = WallTime.seconds(1_000)

    init(
        _ policy: EvictionPolicy = EvictionPolicy(), others: [UpstreamName: EvictionPolicy] = [:],
        limits: StoreLimits = StoreLimits()
    ) {
        scheduler = ImageScheduler(policy, others: others, limits: limits)
    }

    func digest(_ name: String) -> Digest { Digest(of: Array(name.utf8)) }

    func blob(_ name: String, in repository: RepositoryName = .app) -> CachedItem {
        CachedItem(.blob, digest(name), in: repository)
    }

    func manifest(_ name: String, in repository: RepositoryName = .app) -> CachedItem {
        CachedItem(.manifest, digest(name), in: repository)
    }

    /// Stores an item at some second.
    func store(
        _ item: CachedItem, needs: [CachedItem] = [], size: Int64 = 0, at seconds: Int = 0
    ) {
        let time = start + .seconds(seconds)
        scheduler.didStore(
            HeldItem(
                item, needs: needs.map(\.digest), size: size, storedAt: time, lastUse: time))
    }

    /// Stores an image of one layer, called after it, of some size.
    func storeImage(
        _ name: String, in repository: RepositoryName = .app, size: Int64 = 0, at seconds: Int = 0
    ) {
        store(blob("\(name)-layer", in: repository), size: size, at: seconds)
        store(
            manifest(name, in: repository), needs: [blob("\(name)-layer", in: repository)],
            at: seconds)
    }

    /// The items of such an image.
    func image(_ name: String, in repository: RepositoryName = .app) -> [CachedItem] {
        [manifest(name, in: repository), blob("\(name)-layer", in: repository)]
    }

    func use(_ item: CachedItem, at seconds: Int) {
        scheduler.didUse(item, at: start + .seconds(seconds))
    }

    func situation(_ seconds: Int) -> EvictionSituation {
        EvictionSituation(now: start + .seconds(seconds))
    }

    /// The items of each victim at some second.
    func victims(at seconds: Int, limit: Int = 100) -> [[CachedItem]] {
        scheduler.victims(in: situation(seconds), limit: limit).map(\.items)
    }

    /// The victims at some second, which go.
    func evict(at seconds: Int, limit: Int = 100) -> [EvictionVictim] {
        let victims = scheduler.victims(in: situation(seconds), limit: limit)
        for victim in victims { remove(victim.items) }
        return victims
    }

    func remove(_ items: some Sequence<CachedItem>) {
        for item in items { scheduler.didRemove(item) }
    }
}

/// Lets go of each registry's content as a scheduler of its own says: see ``UpstreamDirectory``.
///
/// Every scheduler has to know what it is told of, one that lets go of nothing too: what two
/// registries share is removed when nobody known has it any more. So ``KeepingScheduler`` has no
/// place here; ``TTLScheduler`` without a time has.
public struct RoutedEviction: EvictionScheduler {
    private let routes: UpstreamRoutes<any EvictionScheduler>

    /// Tells `others` of what is stored below their names, and `main` of all else.
    public init(
        main: any EvictionScheduler, others: [UpstreamName: any EvictionScheduler]
    ) {
        routes = UpstreamRoutes(main: main, others: others)
    }

    public func didStore(_ item: CachedItem, needs: [Digest], lastUse: WallTime) {
        scheduler(of: item).didStore(item, needs: needs, lastUse: lastUse)
    }

    public func didUse(_ item: CachedItem, at now: WallTime) {
        scheduler(of: item).didUse(item, at: now)
    }

    public func didRemove(_ item: CachedItem) {
        scheduler(of: item).didRemove(item)
    }

    public func victims(at now: WallTime, limit: Int) -> [CachedItem] {
        var victims: [CachedItem] = []
        for scheduler in routes.all where victims.count < limit {
            victims += scheduler.victims(at: now, limit: limit - victims.count)
        }
        return victims
    }

    public func nextWake(after now: WallTime) -> WallTime? {
        routes.all.compactMap { $0.nextWake(after: now) }.min()
    }

    public func knows(_ item: CachedItem) -> Bool {
        scheduler(of: item).knows(item)
    }

    public func records() -> [UseRecord] {
        routes.all.flatMap { $0.records() }
    }

    private func scheduler(of item: CachedItem) -> any EvictionScheduler {
        routes.part(for: item.repository)
    }
}

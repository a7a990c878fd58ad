/// Lets go of nothing.
public struct KeepingScheduler: EvictionScheduler {
    /// Makes one; all of them are the same.
    public init() {}

    public func didStore(_ item: CachedItem, needs: [Digest], lastUse: WallTime) {}
    public func didUse(_ item: CachedItem, at now: WallTime) {}
    public func didRemove(_ item: CachedItem) {}
    public func victims(at now: WallTime, limit: Int) -> [CachedItem] { [] }
    public func nextWake(after now: WallTime) -> WallTime? { nil }
    public func knows(_ item: CachedItem) -> Bool { true }
    public func records() -> [UseRecord] { [] }
}

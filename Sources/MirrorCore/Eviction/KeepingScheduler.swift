/// Lets go of nothing.
public struct KeepingScheduler: EvictionScheduler {
    /// Makes one; all of them are the same.
    public init() {}

    public func didStore(_ held: HeldItem) {}
    public func didUse(_ item: CachedItem, at now: WallTime) {}
    public func didRemove(_ item: CachedItem) -> HeldItem? { nil }
    public func victims(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] { [] }
    public func nextWake(after now: WallTime) -> WallTime? { nil }
    public func knows(_ item: CachedItem) -> Bool { true }
    public func records() -> [HeldItem] { [] }
}

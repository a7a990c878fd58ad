/// Lets go of nothing.
public struct KeepingScheduler: EvictionScheduler {
    /// Makes one; all of them are the same.
    public init() {}

    /// Takes no note of it.
    public func didStore(_ held: HeldItem) {}
    /// Takes no note of it.
    public func didUse(_ item: CachedItem, at now: WallTime) {}
    /// Takes no note of it.
    public func didRemove(_ item: CachedItem) -> HeldItem? { nil }
    /// Names nothing.
    public func victims(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] { [] }
    /// Never.
    public func nextWake(after now: WallTime) -> WallTime? { nil }
    /// Whatever it is, it need not be told of.
    public func knows(_ item: CachedItem) -> Bool { true }
    /// Nothing: there is nothing to be kept.
    public func records() -> [HeldItem] { [] }
}

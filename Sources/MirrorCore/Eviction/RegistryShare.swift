/// What is held of one registry, as far as it is decided on by itself.
struct RegistryShare {
    let policy: EvictionPolicy
    /// Counted only where the policy has a size.
    var counts: ContentCounts?
    var mark = WaterMark()
    /// Images by their last use, and by when they were fetched. An entry counts only as long as
    /// the item says so.
    var byUse = TimeHeap<ImageIndex.Key>()
    var byAge = TimeHeap<ImageIndex.Key>()

    init(_ policy: EvictionPolicy) {
        self.policy = policy
        counts = policy.maxSize == nil ? nil : ContentCounts()
    }
}

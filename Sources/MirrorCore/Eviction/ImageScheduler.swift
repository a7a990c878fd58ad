internal import Synchronization

/// Lets go of images, whole: of what nobody used for long, of what is old, and of what was used
/// least recently when the store, a registry's part of it, or the disk is too full.
///
/// What it decides, and how, is ``ImageIndex``.
public final class ImageScheduler: EvictionScheduler {
    private let index: Mutex<ImageIndex>

    /// Decides for one registry, or for several.
    ///
    /// - Parameters:
    ///   - policy: for the main registry.
    ///   - others: for those whose content is stored below their names; see
    ///     ``UpstreamDirectory``.
    ///   - limits: for all of them together.
    public init(
        _ policy: EvictionPolicy, others: [UpstreamName: EvictionPolicy] = [:],
        limits: StoreLimits = StoreLimits()
    ) {
        index = Mutex(ImageIndex(main: policy, others: others, limits: limits))
    }

    /// Lets go of what nobody has asked for during `timeToLive`; of nothing where that is nil.
    public convenience init(timeToLive: Duration?) {
        self.init(EvictionPolicy(timeToLive: timeToLive))
    }

    /// Lets the item wait for its turn, as an image or as a part of one.
    public func didStore(_ held: HeldItem) {
        index.withLock { $0.didStore(held) }
    }

    /// Takes note of the time; the image is moved when it comes up.
    public func didUse(_ item: CachedItem, at now: WallTime) {
        index.withLock { $0.didUse(item, at: now) }
    }

    /// Forgets the item; what it alone needed may be an image of its own from now on.
    @discardableResult
    public func didRemove(_ item: CachedItem) -> HeldItem? {
        index.withLock { $0.didRemove(item) }
    }

    /// Names what is too old, then what was used least recently where there is too much.
    public func victims(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] {
        index.withLock { $0.victims(in: situation, limit: limit) }
    }

    /// Lets the image wait aside until then.
    public func postpone(_ item: CachedItem, until time: WallTime) {
        index.withLock { $0.postpone(item, until: time) }
    }

    /// Goes through with it on a copy of what is known.
    public func plan(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] {
        let index = index.withLock { $0 }
        return index.plan(in: situation, limit: limit)
    }

    /// When the next image is too old, or unused for too long.
    public func nextWake(after now: WallTime) -> WallTime? {
        index.withLock { $0.nextWake }
    }

    /// Whether it was told of the item, and not yet of its removal.
    public func knows(_ item: CachedItem) -> Bool {
        index.withLock { $0.knows(item) }
    }

    /// What it was told last, with the latest use.
    public func record(of item: CachedItem) -> HeldItem? {
        index.withLock { $0.record(of: item) }
    }

    /// Known from a count, whatever is held.
    public func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool {
        index.withLock { $0.isNeeded(digest, in: repository) }
    }

    /// All items, in no order.
    public func records() -> [HeldItem] {
        index.withLock { $0.records }
    }
}

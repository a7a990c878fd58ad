/// Says what a mirror lets go of, and when.
///
/// It is told of everything held and of its use, and decides; the cache carries out. It reads
/// no clock and touches no storage, so each case fits in a few lines of a test.
///
/// ### Rules for implementers
/// - Images go whole: what a held manifest of the same repository needs is never let go of
///   without it.
/// - `didUse` is called for requests, on event loops: it is quick and never waits.
/// - Being told of an unknown item's use or removal does no harm.
public protocol EvictionScheduler: Sendable {
    /// An item is held now, or was found. Of what is told twice of one item the later use counts,
    /// and otherwise what was told last.
    func didStore(_ held: HeldItem)

    /// Somebody asked for `item`.
    func didUse(_ item: CachedItem, at now: WallTime)

    /// `item` is held no more.
    ///
    /// - Returns: what was known of it.
    @discardableResult
    func didRemove(_ item: CachedItem) -> HeldItem?

    /// What goes next, at most `limit` images. They stay known until ``didRemove(_:)``, and are
    /// not named again for a while.
    func victims(in situation: EvictionSituation, limit: Int) -> [EvictionVictim]

    /// The image that begins with `item` could not go, and is not to be named again before
    /// `time`.
    func postpone(_ item: CachedItem, until time: WallTime)

    /// What would go, in that order, if ``victims(in:limit:)`` were asked and obeyed until it had
    /// no more to name. Changes nothing.
    func plan(in situation: EvictionSituation, limit: Int) -> [EvictionVictim]

    /// When to ask for victims again; nil for never, as things stand.
    func nextWake(after now: WallTime) -> WallTime?

    /// Whether `item` is known.
    func knows(_ item: CachedItem) -> Bool

    /// What is known of `item`.
    func record(of item: CachedItem) -> HeldItem?

    /// Whether a known manifest of `repository` needs `digest`.
    func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool

    /// Everything known, so that it can be kept over a restart.
    func records() -> [HeldItem]
}

extension EvictionScheduler {
    /// Nothing is postponed beyond what the scheduler does by itself.
    public func postpone(_ item: CachedItem, until time: WallTime) {}

    /// Nothing: the cache then takes it that removing an image removes the bytes of all of it.
    public func record(of item: CachedItem) -> HeldItem? { nil }

    /// Not as far as this scheduler knows.
    public func isNeeded(_ digest: Digest, in repository: RepositoryName) -> Bool { false }

    /// What would go at first.
    public func plan(in situation: EvictionSituation, limit: Int) -> [EvictionVictim] {
        victims(in: situation, limit: limit)
    }
}

/// Says what a mirror lets go of, and when.
///
/// It is told of everything held and of its use, and decides; the cache carries out. It reads
/// no clock and touches no storage, so each case fits in a few lines of a test.
///
/// ### Rules for implementers
/// - An item that a held manifest of the same repository needs is never a victim: images stay
///   whole.
/// - `didUse` is called for requests, on event loops: it is quick and never waits.
/// - Being told of an unknown item's use or removal does no harm.
public protocol EvictionScheduler: Sendable {
    /// `item` is held now, or was found; `needs` are the digests that it is made of.
    func didStore(_ item: CachedItem, needs: [Digest], lastUse: WallTime)

    /// Somebody asked for `item`.
    func didUse(_ item: CachedItem, at now: WallTime)

    /// `item` is held no more.
    func didRemove(_ item: CachedItem)

    /// What goes next, at most `limit` items. They stay known until ``didRemove(_:)``.
    func victims(at now: WallTime, limit: Int) -> [CachedItem]

    /// When to ask for victims again; nil for never, as things stand.
    func nextWake(after now: WallTime) -> WallTime?

    /// Whether `item` is known.
    func knows(_ item: CachedItem) -> Bool

    /// Everything known, so that it can be kept over a restart.
    func records() -> [UseRecord]
}

/// A blob or manifest as one repository has it: the least thing that can be let go of.
public struct CachedItem: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Sendable {
        /// A config, a layer, or other content.
        case blob
        /// A manifest or index.
        case manifest
    }

    /// What it is.
    public var kind: Kind
    /// The content.
    public var digest: Digest
    /// The repository that has it.
    public var repository: RepositoryName

    /// Names what a repository has.
    public init(_ kind: Kind, _ digest: Digest, in repository: RepositoryName) {
        self.kind = kind
        self.digest = digest
        self.repository = repository
    }
}

/// What is known of an item's use.
public struct UseRecord: Hashable, Sendable {
    /// The item.
    public var item: CachedItem
    /// The digests that it is made of.
    public var needs: [Digest]
    /// When somebody last asked for it, or when it was stored.
    public var lastUse: WallTime

    /// Records a use.
    public init(_ item: CachedItem, needs: [Digest], lastUse: WallTime) {
        self.item = item
        self.needs = needs
        self.lastUse = lastUse
    }
}

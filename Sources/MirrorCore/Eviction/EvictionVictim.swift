/// An image to be let go of, or a blob that belongs to none.
public struct EvictionVictim: Hashable, Sendable {
    /// What it is made of and nothing else needs, in the order in which it goes: the manifest
    /// first, so that it is not served once a part of it is gone.
    public var items: [CachedItem]
    /// Why it goes.
    public var reason: EvictionReason
    /// When it was last used, or any part of it that nothing else needs.
    public var lastUse: WallTime
    /// Bytes of storage that are free once it is gone: what other images have too is not in it.
    public var byteCount: Int64

    /// The repository that has it.
    var repository: RepositoryName? { items.first?.repository }

    /// Names an image.
    public init(
        items: [CachedItem], reason: EvictionReason, lastUse: WallTime, byteCount: Int64
    ) {
        self.items = items
        self.reason = reason
        self.lastUse = lastUse
        self.byteCount = byteCount
    }
}

/// Why an image is let go of.
public enum EvictionReason: String, Hashable, Sendable, CaseIterable {
    /// Nobody asked for it during its time to live.
    case unused
    /// It was fetched longer ago than content is kept.
    case age
    /// The store, or what it holds of one registry, is larger than it may be; this was used
    /// least recently.
    case size
    /// The disk is too full; this was used least recently.
    case space
}

/// What the decision depends on besides what is held.
public struct EvictionSituation: Sendable {
    /// The moment it is.
    public var now: WallTime
    /// How much room the storage has, where that can be said.
    public var space: StorageSpace?
    /// Bytes of content that is on its way into the store.
    public var expectedByteCount: Int64
    /// Bytes that somebody wants to write and has no room for.
    public var wantedByteCount: Int64
    /// Blobs that are on their way, for each repository that wants them: images of it that need
    /// them stay.
    public var arriving: Set<CachedItem>

    /// Describes a moment.
    public init(
        now: WallTime, space: StorageSpace? = nil, expectedByteCount: Int64 = 0,
        wantedByteCount: Int64 = 0, arriving: Set<CachedItem> = []
    ) {
        self.now = now
        self.space = space
        self.expectedByteCount = expectedByteCount
        self.wantedByteCount = wantedByteCount
        self.arriving = arriving
    }
}

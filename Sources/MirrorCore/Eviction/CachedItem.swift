/// A blob or manifest as one repository has it: the least thing that can be let go of.
public struct CachedItem: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
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

/// What is known of an item that is held.
public struct HeldItem: Hashable, Sendable {
    /// The item.
    public var item: CachedItem
    /// The digests that it is made of: of a manifest its config and layers, of an index its
    /// manifests.
    public var needs: [Digest]
    /// Size of the content in bytes; 0 where that is not known.
    public var size: Int64
    /// When it was fetched, or found.
    public var storedAt: WallTime
    /// When somebody last asked for it, or when it was stored.
    public var lastUse: WallTime

    /// Describes an item.
    public init(
        _ item: CachedItem, needs: [Digest] = [], size: Int64 = 0, storedAt: WallTime,
        lastUse: WallTime
    ) {
        self.item = item
        self.needs = needs
        self.size = size
        self.storedAt = storedAt
        self.lastUse = lastUse
    }
}

/// How much a mirror does at once.
public struct CacheLimits: Hashable, Sendable {
    /// Blobs that are fetched at the same time; further ones wait for their turn.
    public var fills = 1_024

    /// The limits by default.
    public init() {}
}

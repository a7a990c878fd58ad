/// How much a mirror does, and has in memory, at once.
public struct CacheLimits: Hashable, Sendable {
    /// Blobs that are fetched at the same time; further ones wait for their turn.
    public var fills = 1_024
    /// Bytes in memory of blobs that the storage does not take, 64 MiB; beyond that each client
    /// gets a download of its own.
    public var spilledBytes: Int64 = 64 << 20

    /// The limits by default.
    public init() {}
}

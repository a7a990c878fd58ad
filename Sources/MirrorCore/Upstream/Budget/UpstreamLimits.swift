/// How much one upstream is asked for.
public struct UpstreamLimits: Hashable, Sendable {
    /// How many requests run at once, downloads included; 0 for any number.
    public var concurrency = 0
    /// How many bytes of blobs are taken in a second; 0 for any number.
    public var bandwidth: Int64 = 0
    /// The fraction of the pulls allowed below which what is left is spent with care.
    public var scarceBelow = 0.1
    /// How many requests in a row may wait in vain for an answer before the upstream counts as
    /// dead.
    public var failures = 3

    /// As many requests at once, and as fast, as upstream and network take.
    public init() {}
}

/// How much of a message's head is taken.
public struct HTTPLimits: Hashable, Sendable {
    /// Bytes of a whole head: first line and fields.
    public var headByteLimit = 32 << 10
    /// Bytes of a request's target.
    public var targetByteLimit = 8 << 10
    /// Header fields.
    public var fieldCountLimit = 100

    /// The limits by default.
    public init() {}
}

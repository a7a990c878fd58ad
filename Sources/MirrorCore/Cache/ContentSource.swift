/// Content that every reader takes at its own pace: held whole, or still arriving.
public protocol ContentSource: AnyObject, Sendable {
    /// Size in bytes; nil while it is not known.
    var size: Int64? { get }

    /// Somebody is going to read this range and nothing beyond; it may be had sooner than what
    /// lies before it.
    func expect(_ range: Range<Int64>)

    /// Whether ``piece(at:limit:)`` answers for `offset` without waiting for bytes to arrive.
    func isReady(at offset: Int64) -> Bool

    /// The bytes from `offset` on, at least one and at most `limit` of them; nil at the end.
    /// Waits while the content has not arrived that far. The end is only told of content whose
    /// digest has been found right.
    ///
    /// - Throws: when the content cannot be had; what was read so far is not the content then.
    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece?

    /// A region within this range turned out to be shorter than it should be, or could not be
    /// read. What is held is looked at again, so that nobody else meets the same.
    func didFail(toSend range: Range<Int64>) async
}

extension ContentSource {
    /// What is held whole needs no announcement.
    public func expect(_ range: Range<Int64>) {}

    /// Content that gives no regions has nothing to look at.
    public func didFail(toSend range: Range<Int64>) async {}

    /// What is held whole is there.
    public func isReady(at offset: Int64) -> Bool { true }
}

/// Bytes that can be sent now.
public enum ContentPiece: Sendable {
    /// Part of an open file, which the kernel can send by itself.
    case region(FileRegion)
    /// Bytes in memory.
    case bytes([UInt8])

    /// How many bytes these are.
    public var count: Int64 {
        switch self {
        case .region(let region): Int64(region.range.count)
        case .bytes(let bytes): Int64(bytes.count)
        }
    }
}

public import MirrorCore

/// What goes wrong with one transfer of a blob. Offsets are those in the blob.
public struct TransferScript: Sendable {
    /// Instead of any bytes comes this error.
    public var error: UpstreamError?
    /// The transfer begins at 0, wherever it was asked to begin.
    public var ignoresOffset: Bool
    /// Before this byte is sent, the transfer waits at a checkpoint.
    public var hold: (offset: Int64, checkpoint: Checkpoint)?
    /// Instead of this byte comes an error, as from a broken connection.
    public var breaksOffAt: Int64?
    /// Instead of this byte comes the end.
    public var endsAt: Int64?
    /// This byte is wrong.
    public var flippedAt: Int64?
    /// The blob's size is said to be this.
    public var statedSize: Int64?
    /// The blob is said to have this entity tag.
    public var validator: String?

    /// Describes a transfer; by default nothing goes wrong.
    public init(
        error: UpstreamError? = nil, ignoresOffset: Bool = false,
        hold: (offset: Int64, checkpoint: Checkpoint)? = nil, breaksOffAt: Int64? = nil,
        endsAt: Int64? = nil, flippedAt: Int64? = nil, statedSize: Int64? = nil,
        validator: String? = nil
    ) {
        self.error = error
        self.ignoresOffset = ignoresOffset
        self.hold = hold
        self.breaksOffAt = breaksOffAt
        self.endsAt = endsAt
        self.flippedAt = flippedAt
        self.statedSize = statedSize
        self.validator = validator
    }

    /// A transfer that waits at `checkpoint` before byte `offset`.
    public static func holding(at offset: Int64, _ checkpoint: Checkpoint) -> TransferScript {
        TransferScript(hold: (offset, checkpoint))
    }

    /// Where the bytes that follow `offset` without anything happening end, at most at `end`.
    func stop(after offset: Int64, before end: Int64) -> Int64 {
        [hold?.offset, breaksOffAt, endsAt].compactMap { $0 }.filter { $0 > offset }
            .reduce(end, min)
    }
}

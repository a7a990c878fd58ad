/// How fast the scrub goes, as a value. Time is passed in.
struct ScrubPace {
    /// Bytes read at a time.
    static let blockByteCount = 1 << 20
    /// As many bytes each object counts at least: finding it takes the disk as long.
    static let objectByteCount: Int64 = 256 << 10

    private var bucket: TokenBucket
    private var bytesSinceLook = 0

    /// - Parameter rate: bytes a second.
    init(rate: Int64, at now: WallTime) {
        bucket = TokenBucket(rate: rate, at: now)
    }

    /// A block was read.
    mutating func didRead(_ count: Int, at now: WallTime) {
        _ = bucket.take(count, at: now)
        bytesSinceLook += count
    }

    /// An object of `size` bytes was read to its end.
    mutating func didFinish(_ size: Int64, at now: WallTime) {
        didRead(Int(max(0, Self.objectByteCount - size)), at: now)
    }

    /// How long to wait before anything more is read.
    mutating func delay(at now: WallTime) -> Duration {
        bucket.take(0, at: now)
    }

    /// Whether it is time to look if somebody else needs the storage: after each block, not after
    /// each of many small objects.
    mutating func isLookDue() -> Bool {
        guard bytesSinceLook >= Self.blockByteCount else { return false }
        bytesSinceLook = 0
        return true
    }
}

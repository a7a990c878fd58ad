/// How long, and how much of, a registry's content is kept.
public struct EvictionPolicy: Hashable, Sendable {
    /// How long an image is kept after its last use; nil for ever.
    public var timeToLive: Duration?
    /// How long an image is kept after it was fetched, however much it is used; nil for ever.
    public var maxAge: Duration?
    /// Bytes that the registry's content may have; nil for any number. What it shares with other
    /// registries counts for each of them.
    public var maxSize: Int64?

    /// Keeps everything unless told otherwise.
    public init(timeToLive: Duration? = nil, maxAge: Duration? = nil, maxSize: Int64? = nil) {
        self.timeToLive = timeToLive
        self.maxAge = maxAge
        self.maxSize = maxSize
    }
}

/// How large a store may become. When it is too large, images go until there is some headroom,
/// so that not every fill has to make room for itself.
public struct StoreLimits: Hashable, Sendable {
    /// Room on the disk that is left to others.
    public enum FreeSpace: Hashable, Sendable {
        /// In bytes.
        case bytes(Int64)
        /// As a part of the whole disk, from 0 to 1.
        case fraction(Double)

        func byteCount(of space: StorageSpace) -> Int64 {
            switch self {
            case .bytes(let count): count
            case .fraction(let fraction): Int64(Double(space.total) * fraction)
            }
        }
    }

    /// Bytes that all content may have; nil for any number.
    public var maxSize: Int64?
    /// What is to stay free on the disk.
    public var minFree: FreeSpace?
    /// How much below `maxSize`, and above `minFree`, an eviction goes on, as a part of these.
    public var headroom: Double

    /// Limits nothing unless told otherwise.
    public init(maxSize: Int64? = nil, minFree: FreeSpace? = nil, headroom: Double = 0.1) {
        self.maxSize = maxSize
        self.minFree = minFree
        self.headroom = headroom
    }
}

/// A bound with a distance, so that what begins above it does not end at once below it.
struct WaterMark: Hashable, Sendable {
    private var isDraining = false

    /// How far `level` is above the mark that counts: `low` once it has been above `high`.
    mutating func excess(_ level: Int64, high: Int64, low: Int64) -> Int64 {
        if level > high { isDraining = true }
        if level <= low { isDraining = false }
        return isDraining ? level - low : 0
    }
}

import MirrorSystem

/// A moment on the wall clock, to the nanosecond.
///
/// It covers the years 1678 to 2262; arithmetic and parsing that would leave this range stop at
/// its ends, so that "far in the future" stays far in the future and nothing traps.
///
/// The wall clock can be set back. Use it for what outlives the process (expiry dates, records
/// on disk, logs), and a monotonic clock for time-outs.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var nanosecondsSinceEpoch: Int64

    /// The moment that many nanoseconds after the epoch.
    public init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// The moment that many whole seconds after the epoch.
    public static func seconds(_ secondsSinceEpoch: Int64) -> WallTime {
        WallTime(secondsSinceEpoch: secondsSinceEpoch, nanoseconds: 0)
    }

    /// What the system's clock says now.
    public static var now: WallTime {
        WallTime(nanosecondsSinceEpoch: SystemClock.nanosecondsSinceEpoch())
    }

    /// The earliest moment that can be told, in the year 1677.
    public static let distantPast = WallTime(nanosecondsSinceEpoch: .min)

    /// The latest moment that can be told, in the year 2262.
    public static let distantFuture = WallTime(nanosecondsSinceEpoch: .max)

    /// Seconds and the nanoseconds within them, brought into range.
    init(secondsSinceEpoch: Int64, nanoseconds: Int64) {
        self.init(clamping: Int128(secondsSinceEpoch) * 1_000_000_000 + Int128(nanoseconds))
    }

    private init(clamping nanoseconds: Int128) {
        nanosecondsSinceEpoch = Int64(clamping: nanoseconds)
    }

    /// The moment that much later, within the range of this type.
    public static func + (time: WallTime, duration: Duration) -> WallTime {
        WallTime(clamping: Int128(time.nanosecondsSinceEpoch) + duration.nanoseconds)
    }

    /// The moment that much earlier, within the range of this type.
    public static func - (time: WallTime, duration: Duration) -> WallTime {
        WallTime(clamping: Int128(time.nanosecondsSinceEpoch) - duration.nanoseconds)
    }

    /// How much time lies between `earlier` and `later`; negative when they are the other way
    /// round.
    public static func - (later: WallTime, earlier: WallTime) -> Duration {
        .nanoseconds(later.nanosecondsSinceEpoch) - .nanoseconds(earlier.nanosecondsSinceEpoch)
    }

    /// Whether the first moment comes before the second.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

extension WallTime: CustomStringConvertible {
    /// The moment in the form of ``rfc3339``.
    public var description: String { rfc3339 }
}

extension Duration {
    /// Whole nanoseconds, rounded towards zero.
    fileprivate var nanoseconds: Int128 { attoseconds / 1_000_000_000 }

    /// Whole nanoseconds, or the nearest end of the range.
    var clampedNanoseconds: Int64 { Int64(clamping: nanoseconds) }
}

/// How the scrub goes through what is held.
public struct ScrubSettings: Hashable, Sendable {
    /// Bytes that it reads in a second at most; 0 for no scrub.
    public var rate: Int64
    /// The time from the beginning of one pass over everything to that of the next, at least; 0
    /// for no scrub. A pass that takes longer is followed by the next at once.
    public var interval: Duration

    /// By default 8 MiB a second, once a week.
    public init(rate: Int64 = 8 << 20, interval: Duration = .seconds(7 * 24 * 3600)) {
        self.rate = rate
        self.interval = interval
    }

    /// No scrub.
    public static let off = ScrubSettings(rate: 0, interval: .zero)

    /// Whether there is none.
    var isOff: Bool { rate <= 0 || interval <= .zero }
}

/// Keeps something from being tried again at once. Time is passed in, in nanoseconds.
struct BackOff {
    private static let firstPause: UInt64 = 5_000_000_000
    /// The longest time between two tries, in nanoseconds.
    static let pauseLimit: UInt64 = 60_000_000_000

    private var count: UInt64 = 0
    private var end: UInt64 = 0

    /// Whether it may be tried.
    func isOver(at now: UInt64) -> Bool { now >= end }

    /// It was tried in vain. Each pause is twice as long as the one before, unless that ended
    /// long ago.
    mutating func begin(at now: UInt64) {
        if now > end &+ Self.pauseLimit { count = 0 }
        count += 1
        end = now + min(Self.firstPause << min(count - 1, 8), Self.pauseLimit)
    }
}

internal import Synchronization

/// Lets the use of something be reported, or be followed by something else, now and then instead
/// of for every request.
final class UseStamp: Sendable {
    private static let interval: Int64 = 60_000_000_000
    private let reported = Atomic<Int64>(.min)

    /// Whether `now` is the time for that; says so once in a minute.
    func isDue(at now: WallTime) -> Bool {
        let last = reported.load(ordering: .relaxed)
        guard last == .min || now.nanosecondsSinceEpoch - last >= Self.interval else {
            return false
        }
        return reported.compareExchange(
            expected: last, desired: now.nanosecondsSinceEpoch, ordering: .relaxed
        ).exchanged
    }
}

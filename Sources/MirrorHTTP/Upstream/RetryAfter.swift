internal import MirrorCore

/// Reads `Retry-After` (RFC 9110 section 10.2.3).
enum RetryAfter {
    /// More is not believed: a day.
    private static let limit = Duration.seconds(86_400)

    /// The delay that `text` states, in seconds or as a date seen from `now`; nil when it is
    /// neither.
    static func delay(_ text: String?, now: WallTime) -> Duration? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(Int64(text).map { .seconds($0) } ?? limit, limit)
        }
        guard let moment = WallTime(imfFixdate: text) else { return nil }
        return min(max(.zero, moment - now), limit)
    }
}

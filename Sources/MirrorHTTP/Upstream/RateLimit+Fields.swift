internal import MirrorCore

/// Reads what an upstream says of its limits, in the fields that registries use:
/// `ratelimit-limit: 100;w=21600` and `ratelimit-remaining: 76;w=21600` as Docker Hub sends them,
/// with or without a window, a list of quotas behind the first number, `RateLimit-Reset` or
/// `X-` before the names.
extension RateLimit {
    /// Longer is not believed: 31 days.
    private static let windowLimit = Duration.seconds(31 * 86_400)
    /// A number of seconds above this is a moment, not a delay: 2001-09-09.
    private static let leastMoment: Int64 = 1_000_000_000

    /// Reads the fields of an answer; nil where they say nothing of a limit.
    init?(_ fields: HTTPFields, now: WallTime = .now) {
        let limit = Self.quota(fields["RateLimit-Limit"] ?? fields["X-RateLimit-Limit"])
        let remaining = Self.quota(fields["RateLimit-Remaining"] ?? fields["X-RateLimit-Remaining"])
        guard limit != nil || remaining != nil else { return nil }
        let reset = fields["RateLimit-Reset"] ?? fields["X-RateLimit-Reset"]
        self.init(
            limit: limit?.count, remaining: remaining?.count,
            window: limit?.window ?? remaining?.window, reset: Self.reset(reset, now))
    }

    /// The number at the beginning, and the window `w` of the first quota that has one.
    private static func quota(_ text: String?) -> (count: Int64, window: Duration?)? {
        let parts = (text ?? "").split { $0 == ";" || $0 == "," }.map { part in
            part.filter { $0 != " " && $0 != "\t" }
        }
        guard let count = parts.first.flatMap(decimal) else { return nil }
        let window = parts.dropFirst().first { $0.hasPrefix("w=") || $0.hasPrefix("W=") }
        return (count, window.flatMap { decimal($0.dropFirst(2)) }.flatMap(duration))
    }

    private static func reset(_ text: String?, _ now: WallTime) -> Duration? {
        guard let seconds = text.flatMap(decimal) else { return nil }
        if seconds < leastMoment { return min(.seconds(seconds), windowLimit) }
        return min(max(WallTime.seconds(seconds) - now, .zero), windowLimit)
    }

    private static func duration(_ seconds: Int64) -> Duration? {
        seconds > 0 ? min(.seconds(seconds), windowLimit) : nil
    }
}

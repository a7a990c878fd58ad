/// How many requests an upstream still allows within some window of time.
public struct RateLimit: Hashable, Sendable {
    /// How long a statement without a window is believed.
    private static let unstatedWindow = Duration.seconds(3600)

    /// Requests allowed within the window, where upstream states it.
    public var limit: Int64?
    /// Requests left, where upstream states it.
    public var remaining: Int64?
    /// The length of the window, where upstream states it.
    public var window: Duration?
    /// How long it takes until the count begins anew, where upstream states it.
    public var reset: Duration?

    /// Wraps what an upstream states.
    public init(
        limit: Int64? = nil, remaining: Int64? = nil, window: Duration? = nil,
        reset: Duration? = nil
    ) {
        self.limit = limit
        self.remaining = remaining
        self.window = window
        self.reset = reset
    }

    /// How long it is worth something: after that all requests have been allowed again.
    var lifetime: Duration { reset ?? window ?? Self.unstatedWindow }

    /// Whether less than `fraction` of the limit is left; of an unknown limit, nothing at all.
    func isBelow(_ fraction: Double) -> Bool {
        guard let remaining else { return false }
        guard let limit else { return remaining <= 0 && fraction > 0 }
        return Double(remaining) < Double(limit) * fraction
    }
}

/// Whom an upstream serves first where it cannot serve all at once.
public enum UpstreamPriority: Int, Hashable, Comparable, Sendable {
    /// Nobody waits: what is refreshed, completed or checked behind the clients' backs.
    case background
    /// A client waits.
    case live

    /// The priority of what the current task asks of an upstream.
    @TaskLocal public static var current = UpstreamPriority.live

    /// Orders by urgency.
    public static func < (left: UpstreamPriority, right: UpstreamPriority) -> Bool {
        left.rawValue < right.rawValue
    }
}

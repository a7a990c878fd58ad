/// How many pulls an upstream still allows, from `ratelimit-limit: 100;w=21600` and
/// `ratelimit-remaining` as Docker Hub sends them.
struct RateLimit: Hashable, Sendable {
    /// Pulls allowed within the window.
    let limit: Int64?
    /// Pulls left.
    let remaining: Int64?
    /// The length of the window.
    let window: Duration?

    /// Reads the fields of a response; nil where it says nothing of a limit.
    init?(_ fields: HTTPFields) {
        let limit = Self.parse(fields["RateLimit-Limit"])
        let remaining = Self.parse(fields["RateLimit-Remaining"])
        guard limit != nil || remaining != nil else { return nil }
        self.limit = limit?.count
        self.remaining = remaining?.count
        window = limit?.window ?? remaining?.window
    }

    private static func parse(_ text: String?) -> (count: Int64, window: Duration?)? {
        let parts = (text ?? "").split(separator: ";").map { $0.filter { $0 != " " } }
        guard let count = parts.first.flatMap(decimal) else { return nil }
        let window = parts.dropFirst().first { $0.hasPrefix("w=") }
        return (count, window.flatMap { decimal($0.dropFirst(2)) }.map { .seconds($0) })
    }
}

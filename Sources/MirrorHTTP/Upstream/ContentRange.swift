/// What `Content-Range` says (RFC 9110 section 14.4).
struct ContentRange: Hashable, Sendable {
    /// The bytes that follow; nil where the range asked for lies outside of the content.
    let bytes: ClosedRange<Int64>?
    /// Size of the whole; nil where the server does not know it.
    let total: Int64?

    /// Reads `bytes 0-9/10`, `bytes 0-9/*` or `bytes */10`; nil for all else.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, isSame(words[0], "bytes") else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        total = decimal(parts[1])
        guard total != nil || parts[1] == "*" else { return nil }
        if parts[0] == "*" {
            guard total != nil else { return nil }
            bytes = nil
            return
        }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = decimal(ends[0]), let last = decimal(ends[1]),
            first <= last, last < total ?? .max
        else { return nil }
        bytes = first...last
    }
}

/// A number of decimal digits and nothing else.
func decimal(_ text: some StringProtocol) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(text)
}

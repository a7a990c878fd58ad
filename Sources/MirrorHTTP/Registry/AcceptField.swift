internal import MirrorCore

/// What types of content a client takes (RFC 9110 section 12.5.1). Which of them it likes best is
/// of no use to a mirror: there is one content to have.
struct AcceptField {
    /// Types and ranges of types in lower case; empty where the client does not say.
    private let ranges: Set<Substring>

    /// Joins all fields of a request.
    init(_ values: [String]) {
        ranges = Set(
            values.flatMap { $0.split(separator: ",") }.compactMap { element in
                let parts = element.split(separator: ";").map(\.trimmed)
                let isRefused = parts.dropFirst().contains { Self.isZeroWeight($0) }
                return isRefused ? nil : parts.first.map { Substring($0.lowercased()) }
            })
    }

    /// Whether the client takes a type; it takes anything where it does not say.
    func takes(_ type: MediaType) -> Bool {
        if ranges.isEmpty { return true }
        let text = type.text.lowercased()
        let family = text.prefix { $0 != "/" }
        return ["*/*", "\(family)/*", text].contains { ranges.contains(Substring($0)) }
    }

    private static func isZeroWeight(_ parameter: Substring) -> Bool {
        let parts = parameter.split(separator: "=").map(\.trimmed)
        guard parts.count == 2, isSame(parts[0], "q") else { return false }
        return parts[1].allSatisfy { $0 == "0" || $0 == "." }
    }
}

/// Takes comments and the content of string literals out of lines of Swift.
///
/// It knows what this package uses: line comments, plain and raw literals, and literals of
/// several lines, whose interpolations it takes for text.
struct LiteralStripper {
    /// The delimiter that ends the literal of several lines that is open.
    private var open: String?

    mutating func strip(_ line: String) -> String {
        var rest = Substring(line)
        var code = ""
        while true {
            if let delimiter = open {
                guard let end = rest.firstRange(of: delimiter) else { return code }
                rest = rest[end.upperBound...]
                open = nil
            }
            guard let mark = rest.firstIndex(where: { $0 == "\"" || $0 == "/" }) else {
                return code + rest
            }
            code += rest[..<mark]
            let hashes = code.reversed().prefix { $0 == "#" }.count
            rest = rest[mark...]
            if rest.hasPrefix("//") { return code }
            if rest.hasPrefix("\"\"\"") {
                rest = rest.dropFirst(3)
                open = "\"\"\"" + String(repeating: "#", count: hashes)
            } else if rest.hasPrefix("\"") {
                rest = Self.afterLiteral(rest.dropFirst(), hashes: hashes)
                code += "\"\""
            } else {
                code += rest.prefix(1)
                rest = rest.dropFirst()
            }
        }
    }

    /// What follows a literal on one line whose first quote is gone already.
    private static func afterLiteral(_ text: Substring, hashes: Int) -> Substring {
        let end = "\"" + String(repeating: "#", count: hashes)
        var rest = text
        while !rest.isEmpty {
            if rest.hasPrefix(end) { return rest.dropFirst(end.count) }
            rest = rest.dropFirst(hashes == 0 && rest.hasPrefix("\\") ? 2 : 1)
        }
        return rest
    }
}

/// Finds what a source file logs as a warning or an error.
enum LogMessage {
    /// Of each message the beginning: up to a semicolon, a colon or what is put in; of one that
    /// begins with what is put in, what stands behind that.
    static func all(in source: String) -> [String] {
        calls.flatMap { call in
            source.split(separator: call).dropFirst().compactMap { beginning(of: $0) }
        }
    }

    private static let calls = [
        "logger.warning(", "logger.error(", "logger.log(\n                .error,",
        "logger.log(\n            .error,", "logger.log(\n                .warning,",
        "logger.log(\n            .warning,",
    ]

    private static func beginning(of call: Substring) -> String? {
        // A call whose message is no literal has none that could be looked for.
        guard let start = call.firstIndex(of: "\""), !call[..<start].contains(")") else {
            return nil
        }
        var text = call[call.index(after: start)...].prefix { $0 != "\"" }
        if text.hasPrefix("\\(") {
            text = text.drop { $0 != ")" }.dropFirst()
        }
        let literal = text.split(separator: "\\(").first ?? ""
        let beginning = literal.prefix { $0 != ";" && $0 != ":" }.drop { $0 == " " }
        return beginning.count < 8 ? nil : String(beginning)
    }
}

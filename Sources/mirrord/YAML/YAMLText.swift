/// Writes values so that they are read back as the same.
enum YAMLText {
    /// A value on one line, lists and mappings in brackets.
    static func line(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): text(of: scalar)
        case .sequence(let items): "[" + items.map(line).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\(line($0.key)): \(line($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// A single value: without quotes where it means the same so, else in the quotes that change
    /// the least of it.
    static func text(of scalar: YAMLScalar) -> String {
        let text = scalar.text
        if text.isEmpty, scalar.value == .null { return "null" }
        if canBePlain(text), isSame(YAMLScalar(text: text, isPlain: true), scalar) { return text }
        let quoted = text.unicodeScalars.allSatisfy(isPrintable) ? single(text) : double(text)
        let tag = isSame(YAMLScalar(text: text, isPlain: false), scalar) ? nil : scalar.tag
        return tag.map { "!!\($0.rawValue) \(quoted)" } ?? quoted
    }

    /// A text that is meant as one, whatever it looks like.
    static func text(_ text: String) -> String {
        self.text(of: YAMLScalar(text: text, isPlain: false))
    }

    /// Not-a-number is the same as itself here.
    private static func isSame(_ left: YAMLScalar, _ right: YAMLScalar) -> Bool {
        switch (left.value, right.value) {
        case (.float(let left), .float(let right)): left == right || (left.isNaN && right.isNaN)
        case (let left, let right): left == right
        }
    }

    /// Whether a text holds nothing that could mean something to YAML; not every such text does.
    private static func canBePlain(_ text: String) -> Bool {
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = unsigned.utf8.first, let last = text.utf8.last else { return false }
        return isWord(first) && last != UInt8(ascii: ":")
            && unsigned.utf8.allSatisfy { isWord($0) || "-@=%+()".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "./:_~".utf8.contains(byte)
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " "..."~", "\u{A0}"..."\u{D7FF}", "\u{E000}"..."\u{FEFE}",
            "\u{FF00}"..."\u{FFFD}", "\u{10000}"...:
            true
        default: false
        }
    }

    /// A quote counts by itself, also where it makes one character with what follows.
    private static func single(_ text: String) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { quoted += "'" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "'"
    }

    private static func double(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}

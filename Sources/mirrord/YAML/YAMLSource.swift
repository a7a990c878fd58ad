/// The bytes of a YAML text, made ready for a cursor: UTF-8 without a byte order mark, every line
/// break a line feed, and no character in it that YAML forbids.
struct YAMLSource {
    /// The text, and a zero byte after its end; there is none within it.
    let bytes: [UInt8]
    /// What holds the text, for its positions.
    let origin: String?

    init(_ input: [UInt8], origin: String?, limits: YAMLLimits) throws(YAMLError) {
        self.origin = origin
        let start = YAMLPosition(line: 1, column: 1, origin: origin)
        guard input.count <= limits.byteCountLimit else {
            let limit = limits.byteCountLimit
            throw YAMLError(
                position: start,
                message: "the text has \(input.count) bytes, more than the limit of \(limit)")
        }
        guard !input.starts(with: [0xFF, 0xFE]), !input.starts(with: [0xFE, 0xFF]) else {
            throw YAMLError(position: start, message: "the text is UTF-16: save it as UTF-8")
        }
        var cleaner = Cleaner(position: start)
        try cleaner.take(input)
        bytes = cleaner.bytes + [0]
    }

    /// Decodes, checks and copies, one character at a time.
    private struct Cleaner {
        var bytes: [UInt8] = []
        var position: YAMLPosition
        private var previousWasReturn = false

        init(position: YAMLPosition) { self.position = position }

        mutating func take(_ input: [UInt8]) throws(YAMLError) {
            bytes.reserveCapacity(input.count + 1)
            let isMarked = input.starts(with: [0xEF, 0xBB, 0xBF])
            var rest = input[(isMarked ? 3 : 0)...].makeIterator()
            var decoder = UTF8()
            decoding: while true {
                switch decoder.decode(&rest) {
                case .scalarValue(let scalar): try take(scalar)
                case .emptyInput: break decoding
                case .error: throw error("a byte here is not UTF-8: save the text as UTF-8")
                }
            }
        }

        private mutating func take(_ scalar: Unicode.Scalar) throws(YAMLError) {
            defer { previousWasReturn = scalar == "\r" }
            switch scalar {
            case "\n" where previousWasReturn: return
            case "\n", "\r":
                bytes.append(UInt8(ascii: "\n"))
                position.line += 1
                position.column = 1
                return
            case "\u{20}"..."\u{7E}", "\t":
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\u{85}", "\u{A0}"..."\u{FFFD}", "\u{10000}"...:
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            default:
                let code = String(scalar.value, radix: 16, uppercase: true)
                throw error(
                    "the character U+\(code) may not stand in YAML: "
                        + "remove it, or write it as an escape in double quotes")
            }
            position.column += 1
        }

        private func error(_ message: String) -> YAMLError {
            YAMLError(position: position, message: message)
        }
    }
}

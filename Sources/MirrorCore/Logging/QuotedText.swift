/// Writes a text between double quotes by the rules of Go's `%q`: what can be printed stands as
/// it is, all else as an escape.
enum QuotedText {
    /// Appends `text`, quoted.
    static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars { append(scalar, to: &output) }
        output.append(UInt8(ascii: "\""))
    }

    private static func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        switch scalar {
        case "\"": output.append(contentsOf: "\\\"".utf8)
        case "\\": output.append(contentsOf: "\\\\".utf8)
        case "\n": output.append(contentsOf: "\\n".utf8)
        case "\r": output.append(contentsOf: "\\r".utf8)
        case "\t": output.append(contentsOf: "\\t".utf8)
        case "\u{07}": output.append(contentsOf: "\\a".utf8)
        case "\u{08}": output.append(contentsOf: "\\b".utf8)
        case "\u{0B}": output.append(contentsOf: "\\v".utf8)
        case "\u{0C}": output.append(contentsOf: "\\f".utf8)
        case " "..."~": output.append(UInt8(truncatingIfNeeded: scalar.value))
        case "\u{00}"..."\u{7F}":
            HexText.append(scalar.value, digits: 2, after: "\\x", to: &output)
        default: appendBeyondASCII(scalar, to: &output)
        }
    }

    private static func appendBeyondASCII(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        if isPrintable(scalar) {
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else if scalar.value <= 0xFFFF {
            HexText.append(scalar.value, digits: 4, after: "\\u", to: &output)
        } else {
            HexText.append(scalar.value, digits: 8, after: "\\U", to: &output)
        }
    }

    /// Letters, marks, numbers, punctuation and symbols; not spaces, controls, formatting or
    /// unassigned code points.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format,
            .surrogate, .privateUse, .unassigned:
            false
        default: true
        }
    }
}

/// Writes numbers in hexadecimal digits.
enum HexText {
    /// Appends `prefix` and then the low `digits` digits of `value`, in lower case.
    static func append(
        _ value: UInt32, digits: Int, after prefix: String, to output: inout [UInt8]
    ) {
        output.append(contentsOf: prefix.utf8)
        for place in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(value >> UInt32(place) & 0xF)
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

/// Texts in single and double quotes: https://yaml.org/spec/1.2.2/#731-double-quoted-style
extension YAMLCursor {
    /// Reads a text in single quotes; two of them within it stand for one.
    mutating func singleQuoted() throws(YAMLError) -> String {
        let opening = mark
        var text: [UInt8] = []
        advance()
        while true {
            if isAt("'") {
                advance()
                guard isAt("'") else { return String(decoding: text, as: UTF8.self) }
                text.append(current)
                advance()
            } else {
                try takeQuoted(into: &text, from: opening)
            }
        }
    }

    /// Reads a text in double quotes, with its escapes.
    mutating func doubleQuoted() throws(YAMLError) -> String {
        let opening = mark
        var text: [UInt8] = []
        advance()
        while true {
            if isAt("\"") {
                advance()
                return String(decoding: text, as: UTF8.self)
            } else if isAt("\\"), peek(1) == UInt8(ascii: "\n") {
                advance()
                try skipEscapedBreak(into: &text, from: opening)
            } else if isAt("\\") {
                try takeEscape(into: &text)
            } else {
                try takeQuoted(into: &text, from: opening)
            }
        }
    }

    /// Takes a run of blanks, a run of line breaks or one byte.
    private mutating func takeQuoted(
        into text: inout [UInt8], from opening: Mark
    ) throws(YAMLError) {
        let start = mark
        skipBlanks()
        guard isAt("\n") else {
            text += bytes(since: start)
            if mark.offset > start.offset { return }
            try checkIsInside(quotesFrom: opening)
            text.append(current)
            return advance()
        }
        let breaks = skipBreaks()
        try checkIsInside(quotesFrom: opening)
        text += Self.folded(breaks: breaks)
    }

    /// A break behind a backslash is left out, and so are the blanks that begin the next line.
    private mutating func skipEscapedBreak(
        into text: inout [UInt8], from opening: Mark
    ) throws(YAMLError) {
        let breaks = skipBreaks()
        try checkIsInside(quotesFrom: opening)
        if breaks > 1 { text += Self.folded(breaks: breaks) }
    }

    private func checkIsInside(quotesFrom opening: Mark) throws(YAMLError) {
        guard isAtEnd || isAtDocumentMarker else { return }
        throw error("the quotes that open here are never closed", at: opening)
    }

    private mutating func takeEscape(into text: inout [UInt8]) throws(YAMLError) {
        let start = mark
        advance()
        let escape = current
        advance()
        if let digitCount = Self.escapeDigitCounts[escape] {
            text += try escapedCharacter(digitCount: digitCount, start: start).utf8
        } else if let meaning = Self.escapes[escape] {
            text += meaning.utf8
        } else {
            throw error(
                "there is no escape like this: write \\\\ for a backslash, "
                    + "or put the text in single quotes", at: start)
        }
    }

    private mutating func escapedCharacter(
        digitCount: Int, start: Mark
    ) throws(YAMLError) -> String {
        let digits = mark
        for _ in 0..<digitCount {
            guard Self.isHexDigit(current) else {
                throw error("this escape needs \(digitCount) hexadecimal digits", at: start)
            }
            advance()
        }
        guard let code = UInt32(text(since: digits), radix: 16), let scalar = Unicode.Scalar(code)
        else { throw error("this escape is not a Unicode character", at: start) }
        return String(scalar)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static let escapeDigitCounts: [UInt8: Int] = [
        UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
    ]

    private static let escapes: [UInt8: String] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{07}", UInt8(ascii: "b"): "\u{08}",
        UInt8(ascii: "t"): "\t", UInt8(ascii: "\t"): "\t", UInt8(ascii: "n"): "\n",
        UInt8(ascii: "v"): "\u{0B}", UInt8(ascii: "f"): "\u{0C}", UInt8(ascii: "r"): "\r",
        UInt8(ascii: "e"): "\u{1B}", UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"",
        UInt8(ascii: "/"): "/", UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}",
        UInt8(ascii: "_"): "\u{A0}", UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
    ]
}

/// Texts without quotes: https://yaml.org/spec/1.2.2/#733-plain-style
extension YAMLCursor {
    /// Whether a plain text may begin here.
    func canBeginPlain(inFlow: Bool) -> Bool {
        switch current {
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
            !Self.isSpace(peek(1)) && !(inFlow && Self.isFlowIndicator(peek(1)))
        case UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"),
            UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""),
            UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            false
        default:
            !Self.isSpace(current) && !Self.isFlowIndicator(current)
        }
    }

    /// Reads the part of a plain text that stands on this line, and stops behind its last
    /// character that is not a blank.
    mutating func plainLine(inFlow: Bool) -> ArraySlice<UInt8> {
        let start = mark
        var end = mark
        while !isAtLineEnd, !endsPlain(inFlow: inFlow) {
            let wasBlank = isAtBlank
            advance()
            if wasBlank, isAt("#") { break }
            if !wasBlank { end = mark }
        }
        mark = end
        return bytes(since: start)
    }

    /// Reads the lines that continue a plain text, as long as they are indented more than
    /// `parentIndent` (inside brackets, any indentation will do).
    mutating func plainContinuation(
        of firstLine: ArraySlice<UInt8>, parentIndent: Int, inFlow: Bool
    ) -> String {
        var text = [UInt8](firstLine)
        while true {
            let end = mark
            let breaks = skipBreaks()
            guard breaks > 0, continuesPlain(parentIndent: parentIndent, inFlow: inFlow) else {
                mark = end
                return String(decoding: text, as: UTF8.self)
            }
            text += Self.folded(breaks: breaks)
            text += plainLine(inFlow: inFlow)
        }
    }

    private func continuesPlain(parentIndent: Int, inFlow: Bool) -> Bool {
        guard !isAtEnd, !isAt("#"), !isAtDocumentMarker, !endsPlain(inFlow: inFlow) else {
            return false
        }
        return inFlow || indentation > parentIndent
    }

    private func endsPlain(inFlow: Bool) -> Bool {
        if isAt(":") {
            return Self.isSpace(peek(1)) || (inFlow && Self.isFlowIndicator(peek(1)))
        }
        return inFlow && Self.isFlowIndicator(current)
    }
}

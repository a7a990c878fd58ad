/// Texts behind `|` (kept line by line) and `>` (folded):
/// https://yaml.org/spec/1.2.2/#81-block-scalar-styles
extension YAMLCursor {
    /// What stands behind the `|` or `>`.
    private struct Header {
        var isFolded: Bool
        /// The indentation that the header states, relative to the parent's.
        var statedIndent: Int?
        /// `-`, `+` or neither: drop the line breaks at the end, keep them all, or keep one.
        var chomping: UInt8?
    }

    /// Reads a block scalar, from its indicator up to the line that ends it.
    mutating func blockScalar(parentIndent: Int) throws(YAMLError) -> String {
        let header = try blockHeader()
        let indent =
            if let stated = header.statedIndent {
                max(parentIndent, 0) + stated
            } else {
                try detectIndent(parentIndent: parentIndent)
            }
        var lines: [ArraySlice<UInt8>] = []
        var trailingBreaks = 0
        while let line = try blockLine(indent: indent) {
            trailingBreaks = line.isEmpty ? trailingBreaks + 1 : 0
            lines.append(line)
        }
        lines.removeLast(trailingBreaks)
        var text = header.isFolded ? Self.foldedLines(lines) : Self.literalLines(lines)
        // A last line that the end of the text cuts short has no break to keep.
        if !lines.isEmpty, column == 0 { trailingBreaks += 1 }
        let keptBreaks =
            switch header.chomping {
            case UInt8(ascii: "-"): 0
            case UInt8(ascii: "+"): trailingBreaks
            default: lines.isEmpty ? 0 : min(trailingBreaks, 1)
            }
        text += [UInt8](repeating: UInt8(ascii: "\n"), count: keptBreaks)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func blockHeader() throws(YAMLError) -> Header {
        var header = Header(isFolded: isAt(">"))
        advance()
        while !Self.isSpace(current) {
            switch current {
            case UInt8(ascii: "1")...UInt8(ascii: "9") where header.statedIndent == nil:
                header.statedIndent = Int(current - UInt8(ascii: "0"))
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard header.chomping == nil else { throw blockHeaderError() }
                header.chomping = current
            default: throw blockHeaderError()
            }
            advance()
        }
        guard skipRestOfLine() else { throw blockHeaderError() }
        advance()
        return header
    }

    private func blockHeaderError() -> YAMLError {
        error(
            "only an indentation of 1 to 9, - or +, and a comment may follow | or > on its line: "
                + "begin the text on the next line, or put it in quotes")
    }

    /// The indentation of the first line that is not empty; it must be deeper than the parent's.
    private func detectIndent(parentIndent: Int) throws(YAMLError) -> Int {
        var scout = self
        var deepestBlank = 0
        while !scout.isAtEnd {
            while scout.isAt(" ") { scout.advance() }
            guard scout.isAtLineEnd else { break }
            deepestBlank = max(deepestBlank, scout.column)
            scout.advance()
        }
        let indent = scout.column
        guard !scout.isAtEnd, indent > parentIndent, !scout.isAtDocumentMarker else {
            return max(parentIndent + 1, deepestBlank)
        }
        guard deepestBlank <= indent else {
            throw scout.error(
                "an empty line above has more spaces than this first line of the text: "
                    + "remove them, or state the indentation behind the | or >")
        }
        return indent
    }

    /// The next line without its indentation, or `nil` where the text has ended.
    private mutating func blockLine(indent: Int) throws(YAMLError) -> ArraySlice<UInt8>? {
        guard !isAtEnd, !isAtDocumentMarker else { return nil }
        let lineStart = mark
        while isAt(" "), column < indent { advance() }
        let start = mark
        guard column == indent || isAt("\n") else {
            if isAt("\t"), lineIsBlank() {
                throw error("a tab stands where this text is indented: use spaces")
            }
            mark = lineStart
            return nil
        }
        guard !isAtEnd else {
            mark = lineStart
            return nil
        }
        while !isAtLineEnd { advance() }
        let line = bytes(since: start)
        advance()
        return line
    }

    private func lineIsBlank() -> Bool {
        var scout = self
        scout.skipBlanks()
        return scout.isAtLineEnd
    }

    private static func literalLines(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    /// Joins lines with a space. Breaks around a line that is indented further, and all but the
    /// first of several, are kept.
    private static func foldedLines(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        var text: [UInt8] = []
        var breaks = 0
        var previousIsIndented = true
        for (index, line) in lines.enumerated() {
            let isIndented = line.first.map(isBlank) ?? false
            if line.isEmpty {
                breaks += 1
                continue
            }
            if previousIsIndented || isIndented {
                let kept = index == breaks ? breaks : breaks + 1
                text += [UInt8](repeating: UInt8(ascii: "\n"), count: kept)
            } else {
                text += folded(breaks: breaks + 1)
            }
            text += line
            breaks = 0
            previousIsIndented = isIndented
        }
        return text
    }
}

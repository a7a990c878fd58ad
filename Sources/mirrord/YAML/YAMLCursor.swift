/// A place in a text that moves forward, and can be set back to where it has been.
struct YAMLCursor {
    /// A place to go back to.
    struct Mark {
        fileprivate(set) var offset = 0
        fileprivate(set) var lineStart = 0
        /// Counts from 1.
        fileprivate(set) var line = 1
        /// Characters before this one on its line.
        fileprivate(set) var column = 0
    }

    private let bytes: [UInt8]
    private let origin: String?
    var mark = Mark()

    init(_ source: YAMLSource) {
        bytes = source.bytes
        origin = source.origin
    }

    /// The byte under the cursor; zero at the end of the text, and only there.
    var current: UInt8 { bytes[mark.offset] }
    var line: Int { mark.line }
    var column: Int { mark.column }
    var position: YAMLPosition { position(of: mark) }
    var isAtEnd: Bool { current == 0 }
    var isAtLineEnd: Bool { current == 0 || current == UInt8(ascii: "\n") }
    var isAtBlank: Bool { current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") }

    func position(of mark: Mark) -> YAMLPosition {
        YAMLPosition(line: mark.line, column: mark.column + 1, origin: origin)
    }

    /// The byte that many places ahead; zero beyond the end.
    func peek(_ distance: Int) -> UInt8 {
        let offset = mark.offset + distance
        return offset < bytes.count ? bytes[offset] : 0
    }

    /// Whether the cursor stands at this ASCII character.
    func isAt(_ character: Unicode.Scalar) -> Bool { current == UInt8(ascii: character) }

    /// Whether the cursor stands at an indicator that is set off by a space, a tab or a line end.
    func isAtIndicator(_ character: Unicode.Scalar) -> Bool {
        isAt(character) && Self.isSpace(peek(1))
    }

    /// Whether the cursor stands at `---` or `...` at the start of a line, which ends a document.
    var isAtDocumentMarker: Bool { isAtMarker("-") || isAtMarker(".") }

    func isAtMarker(_ character: Unicode.Scalar) -> Bool {
        let byte = UInt8(ascii: character)
        return mark.column == 0 && current == byte && peek(1) == byte && peek(2) == byte
            && Self.isSpace(peek(3))
    }

    /// Whether only spaces and tabs stand before the cursor on its line.
    var isFirstOnLine: Bool {
        bytes[mark.lineStart..<mark.offset].allSatisfy(Self.isBlank)
    }

    /// Whether a tab stands among the spaces and tabs directly before the cursor.
    var followsTab: Bool {
        bytes[mark.lineStart..<mark.offset].reversed().prefix(while: Self.isBlank)
            .contains(UInt8(ascii: "\t"))
    }

    /// How many spaces begin the cursor's line; a tab ends the count.
    var indentation: Int {
        bytes[mark.lineStart...].prefix { $0 == UInt8(ascii: " ") }.count
    }

    /// Whether a `#` here would begin a comment.
    private var mayBeginComment: Bool {
        mark.offset == mark.lineStart || Self.isBlank(bytes[mark.offset - 1])
    }

    /// Moves by one byte. At the end it stays.
    mutating func advance() {
        let byte = bytes[mark.offset]
        guard byte != 0 else { return }
        mark.offset += 1
        if byte == UInt8(ascii: "\n") {
            mark.line += 1
            mark.column = 0
            mark.lineStart = mark.offset
        } else if mark.offset < bytes.count, bytes[mark.offset] & 0xC0 != 0x80 {
            // A character counts once, when its last byte has been passed.
            mark.column += 1
        }
    }

    mutating func advance(by count: Int) {
        for _ in 0..<count { advance() }
    }

    mutating func skipBlanks() {
        while isAtBlank { advance() }
    }

    /// Moves to the end of the line if nothing but blanks and a comment stand before it.
    ///
    /// - Returns: whether the cursor stands at a line end now.
    mutating func skipRestOfLine() -> Bool {
        skipBlanks()
        if isAt("#"), mayBeginComment {
            while !isAtLineEnd { advance() }
        }
        return isAtLineEnd
    }

    /// Moves over blanks, comments and line breaks to what comes next.
    mutating func skipToContent() {
        while skipRestOfLine(), !isAtEnd { advance() }
    }

    /// The text from an earlier place up to here.
    func text(since start: Mark) -> String {
        String(decoding: bytes[start.offset..<mark.offset], as: UTF8.self)
    }

    func bytes(since start: Mark) -> ArraySlice<UInt8> { bytes[start.offset..<mark.offset] }

    func error(_ message: String, at mark: Mark? = nil) -> YAMLError {
        YAMLError(position: position(of: mark ?? self.mark), message: message)
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// A blank, a line break or the end of the text.
    static func isSpace(_ byte: UInt8) -> Bool {
        isBlank(byte) || byte == UInt8(ascii: "\n") || byte == 0
    }

    /// One of `,[]{}`, which mean something inside brackets and nothing outside them.
    static func isFlowIndicator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            true
        default: false
        }
    }
}

/// Takes the chunks off a body (RFC 9112 section 7.1). It holds no bytes: what it is given it
/// either consumes or names as content.
struct ChunkedDecoder: Sendable {
    /// What comes next.
    private enum State: Hashable, Sendable {
        case size(digits: Int), sizeBlank, sizeExtension, sizeEnd
        case content, contentEnd, contentEndLine
        case trailerStart, trailer, trailerEnd, lastEnd
        case done
    }

    /// How much of one chunk's extensions, or of all trailers, is skipped, in bytes.
    private static let skippedByteLimit = 8 << 10

    private var state = State.size(digits: 0)
    private var remaining: Int64 = 0
    private var skipped = 0

    /// Whether the last chunk and its trailers have been consumed.
    var isDone: Bool { state == .done }

    /// Reads from `range` of `bytes` to the next run of content.
    ///
    /// - Returns: the content found, maybe empty, and the index behind all that was consumed.
    mutating func next(
        _ bytes: Span<UInt8>, in range: Range<Int>
    ) throws(HeadError) -> (content: Range<Int>, end: Int) {
        var index = range.lowerBound
        while index < range.upperBound, state != .done {
            if state == .content {
                let count = Int(min(remaining, Int64(range.upperBound - index)))
                remaining -= Int64(count)
                if remaining == 0 { state = .contentEnd }
                skipped = 0
                return (index..<index + count, index + count)
            }
            try consume(bytes[index])
            index += 1
        }
        return (index..<index, index)
    }

    private mutating func consume(_ byte: UInt8) throws(HeadError) {
        switch state {
        case .size(let digits): try consumeSize(byte, digits)
        case .sizeBlank: try consumeBlank(byte)
        case .sizeExtension: try skip(byte, then: .sizeEnd)
        case .sizeEnd: try expect(byte, "\n", then: remaining == 0 ? .trailerStart : .content)
        case .contentEnd: try expect(byte, "\r", then: .contentEndLine)
        case .contentEndLine: try expect(byte, "\n", then: .size(digits: 0))
        case .trailerStart:
            state = .trailer
            try skip(byte, then: .lastEnd)
        case .trailer: try skip(byte, then: .trailerEnd)
        case .trailerEnd: try expect(byte, "\n", then: .trailerStart)
        case .lastEnd: try expect(byte, "\n", then: .done)
        case .content, .done: break
        }
    }

    private mutating func consumeSize(_ byte: UInt8, _ digits: Int) throws(HeadError) {
        if let digit = hexValue(byte) {
            guard digits < 15 else { throw HeadError("a chunk is too large") }
            remaining = remaining << 4 | Int64(digit)
            state = .size(digits: digits + 1)
            return
        }
        guard digits > 0 else { throw HeadError("a chunk has no size") }
        switch byte {
        case UInt8(ascii: "\r"): state = .sizeEnd
        case UInt8(ascii: ";"): state = .sizeExtension
        case UInt8(ascii: " "), UInt8(ascii: "\t"): state = .sizeBlank
        default: throw HeadError("the size of a chunk is not a hexadecimal number")
        }
    }

    /// Blanks may stand before an extension; some servers pad the size with them.
    private mutating func consumeBlank(_ byte: UInt8) throws(HeadError) {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"): try skip(byte, then: .sizeEnd)
        case UInt8(ascii: "\r"): state = .sizeEnd
        case UInt8(ascii: ";"): state = .sizeExtension
        default: throw HeadError("the size of a chunk is not a hexadecimal number")
        }
    }

    private mutating func skip(_ byte: UInt8, then next: State) throws(HeadError) {
        skipped += 1
        guard skipped <= Self.skippedByteLimit else {
            throw HeadError("more than \(Self.skippedByteLimit) bytes beside a chunk")
        }
        guard byte != UInt8(ascii: "\n") else { throw HeadError("a line ends in LF alone") }
        if byte == UInt8(ascii: "\r") { state = next }
    }

    private mutating func expect(
        _ byte: UInt8, _ wanted: Unicode.Scalar, then next: State
    ) throws(HeadError) {
        guard byte == UInt8(ascii: wanted) else { throw HeadError("a chunk does not end right") }
        state = next
    }
}

/// The value of a hexadecimal digit in either case.
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

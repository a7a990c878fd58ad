/// Why a head is not one (RFC 9112). Says how a server answers.
struct HeadError: Error, Hashable, Sendable, CustomStringConvertible {
    let status: HTTPStatus
    let description: String

    init(_ status: HTTPStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    init(_ description: String) {
        self.init(.badRequest, description)
    }
}

/// Reads the head of a message from the bytes received so far. It keeps no state: with too few
/// bytes it answers nil, and is called again with more.
struct HeadParser {
    let limits: HTTPLimits
    /// Whether a line may end in LF alone, as some servers' do; servers themselves do not take
    /// it, since others before them may read such a head otherwise (RFC 9112 section 2.2).
    let allowsBareLineFeed: Bool

    /// A request's head and the bytes it takes; nil when its end is not there yet.
    func request(_ bytes: Span<UInt8>) throws(HeadError) -> (head: RequestHead, count: Int)? {
        var position = 0
        // Empty lines before a request are skipped (RFC 9112 section 2.2).
        while position + 1 < bytes.count, bytes[position] == carriageReturn,
            bytes[position + 1] == lineFeed
        { position += 2 }
        guard let first = try line(bytes, from: position) else { return nil }
        var head = try requestLine(bytes, first.content)
        guard let end = try fields(bytes, from: first.end, into: &head.fields) else { return nil }
        return (head, end)
    }

    /// A response's head and the bytes it takes; nil when its end is not there yet.
    func response(_ bytes: Span<UInt8>) throws(HeadError) -> (head: ResponseHead, count: Int)? {
        guard let first = try line(bytes, from: 0) else { return nil }
        var head = try statusLine(bytes, first.content)
        guard let end = try fields(bytes, from: first.end, into: &head.fields) else { return nil }
        return (head, end)
    }

    // MARK: Lines

    private func line(
        _ bytes: Span<UInt8>, from start: Int
    ) throws(HeadError) -> (content: Range<Int>, end: Int)? {
        var index = start
        while index < bytes.count {
            if bytes[index] == lineFeed {
                if index > start, bytes[index - 1] == carriageReturn {
                    return (start..<index - 1, index + 1)
                }
                guard allowsBareLineFeed else { throw HeadError("a line ends in LF alone") }
                return (start..<index, index + 1)
            }
            index += 1
        }
        guard bytes.count <= limits.headByteLimit else {
            throw HeadError(.headerFieldsTooLarge, "the head exceeds \(limits.headByteLimit) bytes")
        }
        return nil
    }

    /// `method SP target SP HTTP/1.x` (RFC 9112 section 3).
    private func requestLine(
        _ bytes: Span<UInt8>, _ line: Range<Int>
    ) throws(HeadError) -> RequestHead {
        guard let methodEnd = index(of: space, bytes, in: line), methodEnd > line.lowerBound,
            let targetEnd = index(of: space, bytes, in: methodEnd + 1..<line.upperBound),
            targetEnd > methodEnd + 1
        else { throw HeadError("the request line is not: method, target, version") }
        for index in line.lowerBound..<methodEnd where !isTokenByte(bytes[index]) {
            throw HeadError("the method is not a token")
        }
        guard targetEnd - methodEnd - 1 <= limits.targetByteLimit else {
            throw HeadError(.uriTooLong, "the target exceeds \(limits.targetByteLimit) bytes")
        }
        for index in methodEnd + 1..<targetEnd where bytes[index] <= 0x20 || bytes[index] >= 0x7f {
            throw HeadError("the target holds a byte that must be percent-encoded")
        }
        return RequestHead(
            method: method(bytes, line.lowerBound..<methodEnd),
            target: text(bytes, methodEnd + 1..<targetEnd),
            version: try version(bytes, targetEnd + 1..<line.upperBound),
            fields: HTTPFields(byteCount: 512))
    }

    /// `HTTP/1.x SP code SP reason` (RFC 9112 section 4).
    private func statusLine(
        _ bytes: Span<UInt8>, _ line: Range<Int>
    ) throws(HeadError) -> ResponseHead {
        guard let versionEnd = index(of: space, bytes, in: line) else {
            throw HeadError("the status line has no status code")
        }
        let version = try version(bytes, line.lowerBound..<versionEnd)
        let digits = versionEnd + 1..<min(versionEnd + 4, line.upperBound)
        guard digits.count == 3, let code = Int(text(bytes, digits)), (100...999).contains(code),
            digits.upperBound == line.upperBound || bytes[digits.upperBound] == space
        else { throw HeadError("the status line has no status code") }
        return ResponseHead(
            status: HTTPStatus(code), version: version, fields: HTTPFields(byteCount: 512))
    }

    private func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> HTTPMethod {
        if range.count == 3, bytes[range.lowerBound] == UInt8(ascii: "G") {
            return text(bytes, range) == "GET" ? .get : .other(text(bytes, range))
        }
        return HTTPMethod(text(bytes, range))
    }

    private func version(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(HeadError) -> HTTPVersion {
        let name = "HTTP/1.".utf8.span
        guard range.count == name.count + 1 else { throw HeadError("not a version of HTTP") }
        for index in 0..<name.count where bytes[range.lowerBound + index] != name[index] {
            // Version 2 and up begin with the same five letters.
            let isHTTP = index >= 5
            throw HeadError(
                isHTTP ? .versionNotSupported : .badRequest, "not a version of HTTP/1")
        }
        switch bytes[range.upperBound - 1] {
        case UInt8(ascii: "0"): return .http10
        case UInt8(ascii: "1")...UInt8(ascii: "9"): return .http11
        default: throw HeadError("not a version of HTTP/1")
        }
    }

    // MARK: Fields

    /// Reads fields up to the empty line; the index behind it, or nil when it is not there yet.
    private func fields(
        _ bytes: Span<UInt8>, from start: Int, into fields: inout HTTPFields
    ) throws(HeadError) -> Int? {
        var position = start
        while let line = try line(bytes, from: position) {
            position = line.end
            guard position <= limits.headByteLimit else {
                throw HeadError(
                    .headerFieldsTooLarge, "the head exceeds \(limits.headByteLimit) bytes")
            }
            if line.content.isEmpty { return position }
            guard fields.count < limits.fieldCountLimit else {
                throw HeadError(
                    .headerFieldsTooLarge, "more than \(limits.fieldCountLimit) header fields")
            }
            try field(bytes, line.content, into: &fields)
        }
        return nil
    }

    /// `name: value` (RFC 9112 section 5). Folded lines begin with a blank, which no name has.
    private func field(
        _ bytes: Span<UInt8>, _ line: Range<Int>, into fields: inout HTTPFields
    ) throws(HeadError) {
        guard let colon = index(of: UInt8(ascii: ":"), bytes, in: line), colon > line.lowerBound
        else { throw HeadError("a header field has no name") }
        for index in line.lowerBound..<colon where !isTokenByte(bytes[index]) {
            throw HeadError("the name of a header field is not a token")
        }
        var value = colon + 1..<line.upperBound
        while let first = value.first, isBlank(bytes[first]) { value.removeFirst() }
        while let last = value.last, isBlank(bytes[last]) { value.removeLast() }
        for index in value where !isFieldByte(bytes[index]) {
            throw HeadError("a header field holds a control character")
        }
        fields.appendReceived(bytes, line: line, nameEnd: colon, value: value)
    }

    private func index(of byte: UInt8, _ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
        for index in range where bytes[index] == byte { return index }
        return nil
    }

    private func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(utf8: bytes.extracting(range))
    }
}

private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")

@inline(__always)
private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

/// A request's target, taken apart by its bytes: it is on the way of every request.
struct RequestTarget: Sendable {
    private let text: String
    /// Where the path lies.
    private let path: Range<Int>

    init(_ target: String) {
        text = target
        let bytes = target.utf8.span
        let start = Self.startOfPath(bytes)
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "?") { end += 1 }
        path = start..<end
    }

    /// The path with its percent-encoded bytes in place; nil when they are malformed.
    func withPath<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
        let bytes = text.utf8.span.extracting(path)
        for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "%") {
            guard let decoded = percentDecoded(String(utf8: bytes)[...]) else { return nil }
            return body(decoded.utf8.span)
        }
        return body(bytes)
    }

    /// The value of the first parameter of this name, decoded.
    subscript(name: String) -> String? {
        let bytes = text.utf8.span
        var start = path.upperBound + 1
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") { end += 1 }
            var equals = start
            while equals < end, bytes[equals] != UInt8(ascii: "=") { equals += 1 }
            if bytes.extracting(start..<equals).isEqual(to: name.utf8.span) {
                let value = bytes.extracting(min(equals + 1, end)..<end)
                return percentDecoded(String(utf8: value)[...])
            }
            start = end + 1
        }
        return nil
    }

    /// The absolute form is for proxies, but a server has to take it (RFC 9112 section 3.2.2).
    private static func startOfPath(_ bytes: Span<UInt8>) -> Int {
        let slash = UInt8(ascii: "/")
        if bytes.isEmpty || bytes[0] == slash { return 0 }
        var slashes = 0
        for index in 0..<bytes.count {
            if bytes[index] == slash { slashes += 1 }
            if bytes[index] == UInt8(ascii: "?") { return slashes < 2 ? 0 : index }
            if slashes == 3 { return index }
        }
        return slashes < 2 ? 0 : bytes.count
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}

/// `text` with its percent-encoded bytes in place (RFC 3986 section 2.1); nil when they are
/// malformed or make no UTF-8.
func percentDecoded(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst().flatMap(hexValue),
            let low = rest.popFirst().flatMap(hexValue)
        else { return nil }
        bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
}

/// Percent-encodes every byte that is not unreserved (RFC 3986 section 2.3) or a slash.
func percentEncoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "/"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}

/// One challenge of a `WWW-Authenticate` field (RFC 9110 section 11.6.1).
struct Challenge: Hashable, Sendable {
    /// The scheme in lower case, such as `bearer`.
    let scheme: String
    /// What stands alone after the scheme, in schemes of the old kind.
    var token68: String?
    /// Parameters by lower-case name. Of several with one name the first counts.
    var parameters: [String: String] = [:]

    /// Reads all challenges of all fields. What is not a challenge is skipped.
    static func list(_ values: [String]) -> [Challenge] {
        values.flatMap { value in
            var reader = ChallengeReader(Array(value.utf8))
            return reader.challenges()
        }
    }
}

/// Walks over one field. A comma separates challenges and parameters alike, so a word is taken
/// for a scheme unless `=` follows it.
private struct ChallengeReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func challenges() -> [Challenge] {
        var found: [Challenge] = []
        while true {
            skip { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            guard next != nil else { return found }
            guard let word = token() else {
                skipElement()
                continue
            }
            if let value = parameterValue() {
                guard let last = found.indices.last else { continue }
                let name = word.lowercased()
                if found[last].parameters[name] == nil { found[last].parameters[name] = value }
            } else {
                found.append(Challenge(scheme: word.lowercased(), token68: token68()))
            }
        }
    }

    /// The value after `=`; nil, and nothing consumed, when no `=` follows.
    private mutating func parameterValue() -> String? {
        let start = position
        skipBlanks()
        guard next == UInt8(ascii: "=") else {
            position = start
            return nil
        }
        position += 1
        skipBlanks()
        if next == UInt8(ascii: "\"") { return quotedText() }
        return token() ?? ""
    }

    /// A token68 that fills the rest of the element; nil, and nothing consumed, for all else.
    private mutating func token68() -> String? {
        let start = position
        skipBlanks()
        let first = position
        skip(while: isToken68Byte)
        skip { $0 == UInt8(ascii: "=") }
        let end = position
        skipBlanks()
        guard position > first, end > first, next == nil || next == UInt8(ascii: ",") else {
            position = start
            return nil
        }
        return text(first..<end)
    }

    private mutating func token() -> String? {
        let start = position
        skip(while: isTokenByte)
        return position > start ? text(start..<position) : nil
    }

    /// A quoted string (RFC 9110 section 5.6.4); one that does not end takes all that is left.
    private mutating func quotedText() -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\"), let escaped = next {
                position += 1
                content.append(escaped)
            } else {
                content.append(byte)
            }
        }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func skipElement() {
        while let byte = next, byte != UInt8(ascii: ",") {
            if byte == UInt8(ascii: "\"") { _ = quotedText() } else { position += 1 }
        }
    }

    private mutating func skipBlanks() { skip { $0 == 0x20 || $0 == 0x09 } }

    private mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while let byte = next, isSkipped(byte) { position += 1 }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

private func isToken68Byte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
        true
    default: false
    }
}

/// Reads the reference registry's `scheduler-state.json` as its bytes come: it has an entry for
/// every blob, and may be larger than what should be in memory at a time.
///
///     {"<repository>@<digest>": {"Key": …, "ExpiryData": "<RFC 3339>", "EntryType": 0 or 1}, …}
///
/// An entry that makes no sense is left out; what is not of this form is damaged.
struct ScheduleParser {
    /// A longer key or value is none.
    private static let textByteLimit = 4096

    /// One entry: when the reference would let go of what.
    struct Entry: Hashable {
        var item: CachedItem
        var expiry: WallTime
    }

    /// The file is not of this form.
    struct Damage: Error, Hashable {}

    private enum Token {
        case opening, closing, colon, comma
        case text(String)
        /// A number, or another word without quotes.
        case word(String)
    }

    /// What may come next.
    private enum State {
        case start, key, keyColon, entry, name, nameColon, value, valueEnd, entryEnd, end
    }

    private var state = State.start
    private var key = ""
    private var name = ""
    private var expiry: WallTime?
    private var isManifest = false
    /// Of the entry before: one repository's come behind each other, and share its name.
    private var repository: RepositoryName?
    private var scanner = Scanner()

    /// Takes the next bytes, and gives each entry that ends in them.
    mutating func take(_ bytes: [UInt8], _ give: (Entry) -> Void) throws(Damage) {
        for byte in bytes {
            guard let tokens = scanner.take(byte, limit: Self.textByteLimit) else {
                throw Damage()
            }
            for token in tokens {
                if let entry = try take(token) { give(entry) }
            }
        }
    }

    /// All bytes were taken.
    consuming func finish() throws(Damage) {
        guard state == .end, scanner.isBetweenTokens else { throw Damage() }
    }

    // MARK: Grammar

    private mutating func take(_ token: Token) throws(Damage) -> Entry? {
        switch (state, token) {
        case (.start, .opening): state = .key
        case (.key, .text(let text)):
            key = text
            state = .keyColon
        case (.keyColon, .colon): state = .entry
        case (.entry, .opening):
            expiry = nil
            isManifest = false
            state = .name
        case (.name, .text(let text)):
            name = text
            state = .nameColon
        case (.nameColon, .colon): state = .value
        case (.value, .text(let text)), (.value, .word(let text)):
            learn(text)
            state = .valueEnd
        case (.valueEnd, .comma): state = .name
        case (.valueEnd, .closing), (.name, .closing):
            state = .entryEnd
            return makeEntry()
        case (.entryEnd, .comma): state = .key
        case (.entryEnd, .closing), (.key, .closing): state = .end
        default: throw Damage()
        }
        return nil
    }

    private mutating func learn(_ value: String) {
        switch name {
        case "ExpiryData": expiry = WallTime(rfc3339: value)
        case "EntryType": isManifest = value == "1"
        default: break
        }
    }

    private mutating func makeEntry() -> Entry? {
        guard let at = key.lastIndex(of: "@"), let expiry,
            let digest = Digest(String(key[key.index(after: at)...]))
        else { return nil }
        let name = key[..<at]
        if repository.map({ $0.text == name }) != true {
            repository = RepositoryName(String(name))
        }
        guard let repository else { return nil }
        let kind: CachedItem.Kind = isManifest ? .manifest : .blob
        return Entry(item: CachedItem(kind, digest, in: repository), expiry: expiry)
    }
}

extension ScheduleParser {
    /// Makes tokens of bytes.
    private struct Scanner {
        private enum State {
            case between, word, text, escape
            /// So many digits of `\u…` are still to come.
            case unicode(Int)
        }

        private var state = State.between
        private var bytes: [UInt8] = []
        private var scalar: UInt32 = 0

        var isBetweenTokens: Bool {
            if case .between = state { true } else { false }
        }

        /// - Returns: the tokens that end with this byte; nil where it cannot stand.
        mutating func take(_ byte: UInt8, limit: Int) -> [Token]? {
            guard bytes.count < limit else { return nil }
            switch state {
            case .between: return begin(byte)
            case .word: return goOn(word: byte)
            case .text:
                if byte == UInt8(ascii: "\"") {
                    state = .between
                    return [.text(taken())]
                }
                if byte == UInt8(ascii: "\\") { state = .escape } else { bytes.append(byte) }
            case .escape: escape(byte)
            case .unicode(let count):
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                scalar = scalar << 4 | UInt32(digit)
                state = count > 1 ? .unicode(count - 1) : .text
                if count == 1 { bytes += "\(Unicode.Scalar(scalar) ?? "\u{FFFD}")".utf8 }
            }
            return []
        }

        private mutating func begin(_ byte: UInt8) -> [Token]? {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                return []
            case UInt8(ascii: "{"): return [.opening]
            case UInt8(ascii: "}"): return [.closing]
            case UInt8(ascii: ":"): return [.colon]
            case UInt8(ascii: ","): return [.comma]
            case UInt8(ascii: "\""):
                state = .text
                return []
            default:
                guard Self.isOfWord(byte) else { return nil }
                state = .word
                bytes.append(byte)
                return []
            }
        }

        private mutating func goOn(word byte: UInt8) -> [Token]? {
            if Self.isOfWord(byte) {
                bytes.append(byte)
                return []
            }
            state = .between
            let word = Token.word(taken())
            return begin(byte).map { [word] + $0 }
        }

        private mutating func escape(_ byte: UInt8) {
            state = .text
            switch byte {
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "u"):
                scalar = 0
                state = .unicode(4)
            default: bytes.append(byte)
            }
        }

        private mutating func taken() -> String {
            defer { bytes = [] }
            return String(decoding: bytes, as: UTF8.self)
        }

        private static func isOfWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}

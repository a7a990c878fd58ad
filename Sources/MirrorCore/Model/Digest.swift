/// The name of content by its hash, `algorithm:hex`.
///
/// Only the two registered algorithms are accepted, each with exactly its own number of
/// lower-case hex digits (OCI image-spec, descriptor.md, "Registered algorithms").
public struct Digest: Sendable {
    /// A registered hash algorithm.
    public enum Algorithm: String, Sendable, CaseIterable {
        /// SHA-256, 64 hex digits.
        case sha256
        /// SHA-512, 128 hex digits.
        case sha512

        /// Length of the hash in bytes.
        public var byteCount: Int {
            switch self {
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    /// The hash, in words of eight bytes, the first byte on top. There may be millions in memory,
    /// and hardly a long one, which lies elsewhere so that the others are small.
    private enum Hash {
        case sha256(InlineArray<4, UInt64>)
        case sha512(LongHash)
    }

    private final class LongHash: Sendable {
        let words: InlineArray<8, UInt64>

        init(_ words: InlineArray<8, UInt64>) {
            self.words = words
        }
    }

    private let hash: Hash

    /// The algorithm that made the hash.
    public var algorithm: Algorithm {
        switch hash {
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }

    /// Wraps a finished hash; nil unless there are exactly `algorithm.byteCount` bytes.
    public init?(_ algorithm: Algorithm, hash bytes: Span<UInt8>) {
        guard bytes.count == algorithm.byteCount else { return nil }
        self.init(algorithm) { bytes[$0] }
    }

    /// Parses `sha256:…` or `sha512:…`; nil for anything else.
    public init?(_ text: String) {
        self.init(utf8: text.utf8.span)
    }

    /// Parses the text form from its UTF-8 bytes.
    public init?(utf8 text: Span<UInt8>) {
        guard let algorithm = Algorithm(prefixOf: text) else { return nil }
        let start = Algorithm.prefixCount
        guard text.count == start + algorithm.byteCount * 2 else { return nil }
        self.init(algorithm) { index in
            guard let high = nibble(text[start + index * 2]),
                let low = nibble(text[start + index * 2 + 1])
            else { return nil }
            return high << 4 | low
        }
    }

    /// Takes each byte of the hash in turn; nil where there is none.
    private init?(_ algorithm: Algorithm, byte: (Int) -> UInt8?) {
        var words = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<algorithm.byteCount {
            guard let byte = byte(index) else { return nil }
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        switch algorithm {
        case .sha256: hash = .sha256([words[0], words[1], words[2], words[3]])
        case .sha512: hash = .sha512(LongHash(words))
        }
    }

    private func word(_ index: Int) -> UInt64 {
        switch hash {
        case .sha256(let words): words[index]
        case .sha512(let long): long.words[index]
        }
    }

    private var wordCount: Int { algorithm.byteCount / 8 }

    /// The hash in lower-case hex, without the algorithm.
    public var hex: String {
        String(text.dropFirst(Algorithm.prefixCount))
    }

    /// The text form, `algorithm:hex`.
    public var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Algorithm.prefixCount + algorithm.byteCount * 2)
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text form without making a string of it.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: algorithm.rawValue.utf8)
        bytes.append(UInt8(ascii: ":"))
        for index in 0..<wordCount {
            let word = word(index)
            for shift in stride(from: 60, through: 0, by: -4) {
                bytes.append(hexDigit(UInt8(word >> UInt64(shift) & 15)))
            }
        }
    }
}

extension Digest: Hashable {
    /// Two digests are equal when algorithm and hash are.
    public static func == (left: Digest, right: Digest) -> Bool {
        guard left.algorithm == right.algorithm else { return false }
        return (0..<left.wordCount).allSatisfy { left.word($0) == right.word($0) }
    }

    /// Feeds eight bytes of the hash: they are uniformly distributed already.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(word(0))
    }
}

extension Digest: Comparable, CustomStringConvertible {
    /// Orders by the text form.
    public static func < (left: Digest, right: Digest) -> Bool {
        guard left.algorithm == right.algorithm else {
            return left.algorithm == .sha256
        }
        for index in 0..<left.wordCount where left.word(index) != right.word(index) {
            return left.word(index) < right.word(index)
        }
        return false
    }

    /// The text form.
    public var description: String { text }
}

extension Digest.Algorithm {
    /// `sha256:` and `sha512:` are equally long.
    fileprivate static var prefixCount: Int { 7 }

    fileprivate init?(prefixOf text: Span<UInt8>) {
        guard text.count > Self.prefixCount, text[6] == UInt8(ascii: ":") else { return nil }
        for algorithm in Self.allCases {
            let name = algorithm.rawValue.utf8.span
            var isSame = true
            for index in 0..<name.count where name[index] != text[index] { isSame = false }
            if isSame {
                self = algorithm
                return
            }
        }
        return nil
    }
}

private func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
}

private func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
}

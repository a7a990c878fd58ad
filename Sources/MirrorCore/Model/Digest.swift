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

    /// The algorithm that made the hash.
    public let algorithm: Algorithm

    /// The hash; bytes past `algorithm.byteCount` are zero.
    private let hash: InlineArray<64, UInt8>

    /// Wraps a finished hash; nil unless there are exactly `algorithm.byteCount` bytes.
    public init?(_ algorithm: Algorithm, hash bytes: Span<UInt8>) {
        guard bytes.count == algorithm.byteCount else { return nil }
        var hash = InlineArray<64, UInt8>(repeating: 0)
        for index in 0..<bytes.count { hash[index] = bytes[index] }
        self.algorithm = algorithm
        self.hash = hash
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
        var hash = InlineArray<64, UInt8>(repeating: 0)
        for index in 0..<algorithm.byteCount {
            guard let high = nibble(text[start + index * 2]),
                let low = nibble(text[start + index * 2 + 1])
            else { return nil }
            hash[index] = high << 4 | low
        }
        self.algorithm = algorithm
        self.hash = hash
    }

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
        for index in 0..<algorithm.byteCount {
            bytes.append(hexDigit(hash[index] >> 4))
            bytes.append(hexDigit(hash[index] & 15))
        }
    }
}

extension Digest: Hashable {
    /// Two digests are equal when algorithm and hash are.
    public static func == (left: Digest, right: Digest) -> Bool {
        guard left.algorithm == right.algorithm else { return false }
        for index in 0..<left.algorithm.byteCount where left.hash[index] != right.hash[index] {
            return false
        }
        return true
    }

    /// Feeds eight bytes of the hash: they are uniformly distributed already.
    public func hash(into hasher: inout Hasher) {
        var word: UInt64 = 0
        for index in 0..<8 { word = word << 8 | UInt64(hash[index]) }
        hasher.combine(word)
    }
}

extension Digest: Comparable, CustomStringConvertible {
    /// Orders by the text form.
    public static func < (left: Digest, right: Digest) -> Bool {
        guard left.algorithm == right.algorithm else {
            return left.algorithm == .sha256
        }
        for index in 0..<left.algorithm.byteCount where left.hash[index] != right.hash[index] {
            return left.hash[index] < right.hash[index]
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

public import MirrorCore
internal import MirrorSystem

/// Bytes that tests store, serve and compare; large ones are made on demand, never held whole.
public struct SampleBlob: Hashable, Sendable {
    private enum Source: Hashable, Sendable {
        case held([UInt8])
        /// A page of seeded bytes, repeated; each copy begins with its own number.
        case pages([UInt8])
    }

    /// A prime, so that no offset that code may confuse, a power of two, gives the same bytes.
    private static let pageByteCount = 65_521

    private let source: Source
    /// Size in bytes.
    public let size: Int64
    /// The SHA-256 digest of all bytes.
    public let digest: Digest

    /// A blob of given bytes.
    public init(_ bytes: [UInt8]) {
        self.init(source: .held(bytes), size: Int64(bytes.count))
    }

    /// A blob of UTF-8 text.
    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// A blob of `size` pseudo-random bytes that depend on nothing but `seed`.
    ///
    /// It holds about 64 KiB whatever its size; making it costs one SHA-256 over its bytes.
    public init(seed: UInt64, size: Int64) {
        var random = SeededRandom(seed: seed)
        self.init(source: .pages(random.bytes(Self.pageByteCount)), size: size)
    }

    private init(source: Source, size: Int64) {
        self.source = source
        self.size = size
        let hasher = ContentHasher(.sha256)
        var offset: Int64 = 0
        while offset < size {
            let end = min(size, offset + 1 << 20)
            hasher.update(Self.bytes(of: source, in: offset..<end))
            offset = end
        }
        guard let digest = Digest(.sha256, hash: hasher.finish().span) else {
            preconditionFailure("SHA-256 gives 32 bytes")
        }
        self.digest = digest
    }

    /// All bytes.
    public var bytes: [UInt8] { bytes(in: 0..<size) }

    /// The bytes of a range, which lies within the blob.
    public func bytes(in range: Range<Int64>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "beyond the blob's end")
        return Self.bytes(of: source, in: range)
    }

    /// Two samples are equal when their digests are.
    public static func == (left: SampleBlob, right: SampleBlob) -> Bool {
        left.digest == right.digest
    }

    /// Feeds the digest.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
    }

    private static func bytes(of source: Source, in range: Range<Int64>) -> [UInt8] {
        switch source {
        case .held(let bytes): Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
        case .pages(let page): bytes(ofPagesLike: page, in: range)
        }
    }

    private static func bytes(ofPagesLike page: [UInt8], in range: Range<Int64>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let (number, start) = offset.quotientAndRemainder(dividingBy: Int64(page.count))
            let end = min(Int64(page.count), start + range.upperBound - offset)
            var numbered = page
            for index in 0..<8 {
                numbered[index] ^= UInt8(truncatingIfNeeded: number >> (index * 8))
            }
            result.append(contentsOf: numbered[Int(start)..<Int(end)])
            offset += end - start
        }
        return result
    }
}

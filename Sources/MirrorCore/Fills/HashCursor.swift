/// The hash of a blob whose bytes come in any order: it takes them in theirs.
struct HashCursor: ~Copyable {
    private static let blockByteCount = 1 << 20

    private let hasher: DigestHasher
    /// All before this has been hashed.
    private(set) var offset: Int64 = 0

    init(_ algorithm: Digest.Algorithm) {
        hasher = DigestHasher(algorithm)
    }

    /// Hashes a block if it is the next.
    mutating func take(_ block: [UInt8], at start: Int64) {
        guard start == offset else { return }
        hasher.update(block)
        offset += Int64(block.count)
    }

    /// Hashes what is there already, up to `end`.
    mutating func catchUp(
        with object: any StoredObject, to end: Int64
    ) async throws(StorageError) {
        while offset < end {
            let limit = Int(min(Int64(Self.blockByteCount), end - offset))
            let block = try await object.read(at: offset, limit: limit)
            if block.isEmpty { return }
            take(block, at: offset)
        }
    }

    consuming func finish() -> Digest {
        hasher.finish()
    }
}

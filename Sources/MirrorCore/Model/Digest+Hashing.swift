internal import MirrorSystem

extension Digest {
    /// The digest of bytes in memory.
    public init(of bytes: [UInt8], by algorithm: Algorithm = .sha256) {
        let hasher = DigestHasher(algorithm)
        hasher.update(bytes)
        self = hasher.finish()
    }

    /// Whether this names the empty content.
    var isOfNothing: Bool { self == Digest(of: [], by: algorithm) }
}

/// Makes the digest of bytes as they pass.
struct DigestHasher: ~Copyable {
    private let algorithm: Digest.Algorithm
    private let hasher: ContentHasher

    init(_ algorithm: Digest.Algorithm) {
        self.algorithm = algorithm
        hasher = ContentHasher(algorithm == .sha256 ? .sha256 : .sha512)
    }

    borrowing func update(_ bytes: [UInt8]) {
        hasher.update(bytes)
    }

    consuming func finish() -> Digest {
        let algorithm = algorithm
        guard let digest = Digest(algorithm, hash: hasher.finish().span) else {
            preconditionFailure("a hash has the length of its algorithm")
        }
        return digest
    }
}

public import MirrorCore
internal import MirrorSystem

extension ContentSource {
    /// The bytes from `offset` up to the end, or `count` of them, asked for in pieces of at most
    /// `limit`.
    ///
    /// - Throws: what the content throws, or ``RuleBroken`` when a piece breaks its rules.
    public func bytes(
        from offset: Int64 = 0, count: Int64 = .max, limit: Int64 = 1 << 20
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while Int64(bytes.count) < count {
            let wanted = min(limit, count - Int64(bytes.count))
            guard let piece = try await piece(at: offset + Int64(bytes.count), limit: wanted)
            else { break }
            try require(piece.count > 0, "a piece has at least one byte")
            try require(piece.count <= wanted, "a piece has at most \(wanted) bytes")
            bytes += try piece.bytes()
        }
        return bytes
    }
}

extension ContentPiece {
    /// The bytes themselves, read from the file where there is one. May block.
    ///
    /// - Throws: when the file cannot be read, or ends within the piece.
    public func bytes() throws -> [UInt8] {
        switch self {
        case .bytes(let bytes): return bytes
        case .region(let region):
            var read: [UInt8] = []
            while Int64(read.count) < count {
                let offset = region.range.lowerBound + Int64(read.count)
                let block = try region.file.read(at: offset, limit: Int(count) - read.count)
                try require(!block.isEmpty, "the file of a region must not end within it")
                read += block
            }
            return read
        }
    }
}

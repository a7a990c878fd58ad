import MirrorCore

/// Bytes that differ from those of another seed, and from themselves a few places on.
func sampleBytes(_ count: Int, seed: Int = 0) -> [UInt8] {
    var state = UInt32(truncatingIfNeeded: seed &* 2_654_435_761 | 1)
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
    }
}

/// A key that is known to be valid.
func key(_ path: String) -> StorageKey {
    path.split(separator: "/").reduce(.root) { $0.child($1) }
}

extension StoredObject {
    /// All bytes from `offset` on, read in pieces of at most `limit`.
    func bytes(from offset: Int64 = 0, limit: Int = 1 << 16) async throws -> [UInt8] {
        let size = size
        var bytes: [UInt8] = []
        while offset + Int64(bytes.count) < size {
            let piece = try await read(at: offset + Int64(bytes.count), limit: limit)
            try require(!piece.isEmpty, "a read before the end must give at least one byte")
            try require(piece.count <= limit, "a read gave \(piece.count) of \(limit) bytes")
            bytes += piece
        }
        return bytes
    }
}

extension StorageDriver {
    /// All bytes of the object at `key`, which must be there.
    func bytes(at key: StorageKey) async throws -> [UInt8] {
        let object = try await require(open(key), "there must be an object at \(key)")
        return try await object.bytes()
    }

    /// Fails unless the object at `key` has exactly these bytes.
    func requireObject(_ bytes: [UInt8], at key: StorageKey) async throws {
        let stored = try await self.bytes(at: key)
        try require(stored == bytes, "\(key) must read back byte for byte")
        let info = try await require(stat(key), "stat must know \(key)")
        try require(info.size == bytes.count, "stat says \(info.size), not \(bytes.count)")
    }

    /// Fails unless there is no object at `key`.
    func requireNothing(at key: StorageKey) async throws {
        try await require(open(key) == nil, "open must find nothing at \(key)")
        try await require(stat(key) == nil, "stat must find nothing at \(key)")
    }

    /// Fails unless exactly these names are listed below `key`; folders end with a slash.
    func requireNames(_ names: [String], below key: StorageKey) async throws {
        let found = try await list(key, after: nil, limit: 1000)
            .map { $0.isFolder ? "\($0.name)/" : $0.name }
        try require(found == names, "\(key) must list \(names), not \(found)")
    }

    /// Removes `key`, which must have been there.
    func requireDeletion(of key: StorageKey) async throws {
        try await require(delete(key), "delete must say that \(key) was there")
    }
}

/// Fails unless `work` throws a storage error with `code`.
func require(
    _ code: StorageError.Code, from sentence: String, _ work: () async throws -> Void
) async throws {
    do {
        try await work()
    } catch let error as StorageError {
        try require(error.code == code, "\(sentence) must be \(code), not \(error.code): \(error)")
        return
    }
    throw RuleBroken("\(sentence) must be refused as \(code)")
}

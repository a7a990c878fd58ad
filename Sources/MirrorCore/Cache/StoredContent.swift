/// Content that is held whole.
final class StoredContent: ContentSource {
    let object: any StoredObject
    private let digest: Digest
    let use = UseStamp()

    init(_ object: any StoredObject, digest: Digest) {
        self.object = object
        self.digest = digest
    }

    var size: Int64? { object.size }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        try await object.piece(at: offset, upTo: object.size, limit: limit)
    }
}

extension StoredObject {
    /// Bytes from `offset` on, at most up to `end`; nil at `end`.
    func piece(
        at offset: Int64, upTo end: Int64, limit: Int64
    ) async throws(MirrorError) -> ContentPiece? {
        guard offset < end else { return nil }
        let range = offset..<min(end, offset + limit)
        if let region = region(range) { return .region(region) }
        do throws(StorageError) {
            let bytes = try await read(at: offset, limit: Int(min(Int64(range.count), 1 << 20)))
            return bytes.isEmpty ? nil : .bytes(bytes)
        } catch {
            throw MirrorError(error)
        }
    }
}

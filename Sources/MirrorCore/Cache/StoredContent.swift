/// Content that is held whole.
final class StoredContent: ContentSource {
    let object: any StoredObject
    private let watched: WatchedObject?
    private let reads: ReadActivity?
    let use = UseStamp()

    /// - Parameter reads: told of each read, where the storage is read.
    init(_ object: any StoredObject, reads: ReadActivity? = nil) {
        self.object = object
        self.reads = reads
        watched = object as? WatchedObject
    }

    var size: Int64? { object.size }

    /// Whether nobody has found it damaged since it was opened.
    var isSound: Bool { watched?.isSound ?? true }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        reads?.didRead()
        return try await object.piece(at: offset, upTo: object.size, limit: limit)
    }

    func didFail(toSend range: Range<Int64>) async {
        await object.readThrough(range)
    }
}

extension StoredObject {
    /// Bytes from `offset` on, at most up to `end`; nil at `end`. Readers of what is damaged are
    /// broken off: what they have been given may be wrong already.
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
            guard error.code == .damaged else { throw MirrorError(error) }
            throw MirrorError(.unavailable, "what is held of it is damaged: \(error)")
        }
    }

    /// Reads a range for no other end than to find out whether it can be read.
    func readThrough(_ range: Range<Int64>) async {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let limit = Int(min(range.upperBound - offset, 1 << 20))
            guard let block = try? await read(at: offset, limit: limit), !block.isEmpty else {
                return
            }
            offset += Int64(block.count)
        }
    }
}

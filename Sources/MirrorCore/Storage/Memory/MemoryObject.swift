/// An object that is an array of bytes.
final class MemoryObject: StoredObject {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var size: Int64 { Int64(bytes.count) }
    var version: String? { "\(UInt(bitPattern: ObjectIdentifier(self)))" }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        bytes.part(at: offset, limit: limit)
    }
}

extension [UInt8] {
    /// Bytes are copied in pieces, so that a reader with a large limit does not double them.
    private static var pieceLimit: Int { 256 << 10 }

    /// What a stored object made of these bytes answers to a read.
    func part(at offset: Int64, limit: Int) -> [UInt8] {
        precondition(offset >= 0 && limit > 0, "a read wants an offset and room")
        guard offset < Int64(count) else { return [] }
        let start = Int(offset)
        return Array(self[start...].prefix(Swift.min(limit, Self.pieceLimit)))
    }
}

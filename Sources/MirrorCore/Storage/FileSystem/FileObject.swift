internal import MirrorSystem

/// An object that is a file.
final class FileObject: StoredObject {
    let size: Int64
    private let file: SharedFile
    private let identity: FileStatus.Identity
    private let key: StorageKey

    init(file: SharedFile, status: FileStatus, key: StorageKey) {
        self.file = file
        size = status.size
        identity = status.identity
        self.key = key
    }

    var version: String? { identity.text }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await file.readSome(at: offset, limit: limit, size: size, key: key)
    }

    func readOnce(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await file.readSome(at: offset, limit: limit, size: size, key: key, once: true)
    }

    func region(_ range: Range<Int64>) -> FileRegion? {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "not in the object")
        return FileRegion(file: file, range: range)
    }
}

extension SharedFile {
    /// Reads off the loop what a stored object of `size` bytes is asked for.
    func readSome(
        at offset: Int64, limit: Int, size: Int64, key: StorageKey, once: Bool = false
    ) async throws(StorageError) -> [UInt8] {
        precondition(offset >= 0 && limit > 0, "a read wants an offset and room")
        guard offset < size else { return [] }
        let count = Int(min(Int64(limit), size - offset))
        do throws(SystemError) {
            return try await BlockingPool.shared.run { [self] () throws(SystemError) in
                let bytes =
                    once
                    ? try readOnce(at: offset, limit: count)
                    : try read(at: offset, limit: count)
                // Somebody else cut the file: an object does not shrink.
                guard !bytes.isEmpty else { throw SystemError("pread", .cutShort) }
                return bytes
            }
        } catch {
            guard error.isDamage else { throw StorageError(error, at: key) }
            throw StorageError(.damaged, at: key, reason: error.description)
        }
    }
}

internal import MirrorSystem

/// A file that somebody else, another process perhaps, is still writing.
final class GrowingObject: StoredObject {
    private let file: SharedFile
    private let key: StorageKey

    init(file: SharedFile, key: StorageKey) {
        self.file = file
        self.key = key
    }

    /// As large as the file is now; nothing when that cannot be said.
    var size: Int64 { (try? FileStatus(of: file).size) ?? 0 }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await file.readSome(at: offset, limit: limit, size: size, key: key)
    }

    func region(_ range: Range<Int64>) -> FileRegion? {
        FileRegion(file: file, range: range)
    }
}

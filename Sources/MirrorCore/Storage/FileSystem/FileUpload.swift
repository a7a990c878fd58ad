internal import MirrorSystem
internal import Synchronization

/// An unfinished write that is a growing file.
///
/// The file is locked as long as the upload is open. Readers may keep the file open for longer,
/// so every end lets go of the lock by itself.
final class FileUpload: StorageUpload {
    private let store: FileStore
    private let key: StorageKey
    private let path: String
    private let file: SharedFile
    private let bytesWritten: Atomic<Int64>

    /// Opens, and locks, the growing file of `key`. Blocks.
    init(_ key: StorageKey, in store: FileStore) throws(SystemError) {
        guard key != .root else { throw SystemError("open", .folder) }
        path = store.layout.unfinishedPath(of: key)
        let (file, size) = try Self.openLocked(path, in: store)
        self.file = file
        self.store = store
        self.key = key
        bytesWritten = Atomic(size)
    }

    deinit {
        file.unlock()
    }

    var size: Int64 { bytesWritten.load(ordering: .acquiring) }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await file.readSome(at: offset, limit: limit, size: size, key: key)
    }

    func region(_ range: Range<Int64>) -> FileRegion? {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "not in the object")
        return FileRegion(file: file, range: range)
    }

    func write(_ bytes: [UInt8], at offset: Int64) async throws(StorageError) {
        try await run { upload throws(SystemError) in
            do throws(SystemError) {
                try upload.file.write(bytes, at: offset)
            } catch {
                // What was written in part past the size must not be seen after a restart.
                try? upload.file.truncate(to: upload.size)
                throw error
            }
            upload.bytesWritten.max(offset + Int64(bytes.count), ordering: .acquiringAndReleasing)
        }
    }

    func commit(to key: StorageKey) async throws(StorageError) {
        try await run { upload throws(SystemError) in
            guard key != .root else { throw SystemError("rename", .folder) }
            try upload.file.syncContent()
            try upload.store.place(upload.path, at: upload.store.layout.path(of: key))
            // It is an object now, and whoever reads it here has it open.
            upload.file.tryShare()
            try upload.leave()
        }
    }

    func suspend() async {
        file.unlock()
    }

    func abandon() async {
        // A file that cannot be removed is as one that was left by a killed process.
        try? await run { upload throws(SystemError) in
            defer { upload.file.unlock() }
            try FileNames.unlink(upload.path)
            try upload.leave()
        }
    }

    /// Removes the folders that this upload was the last in.
    private func leave() throws(SystemError) {
        try store.prune(above: path)
    }

    private func run(
        _ work: @escaping @Sendable (FileUpload) throws(SystemError) -> Void
    ) async throws(StorageError) {
        do throws(SystemError) {
            try await BlockingPool.shared.run { [self] () throws(SystemError) in try work(self) }
        } catch {
            throw StorageError(error, at: key)
        }
    }

    private static func openLocked(
        _ path: String, in store: FileStore
    ) throws(SystemError) -> (file: SharedFile, size: Int64) {
        while true {
            let file = try store.openMaking(path, for: .updating)
            guard file.tryLock() else { throw SystemError("flock", .busy) }
            let opened = try FileStatus(of: file)
            // Between opening and locking, the upload may have ended and taken its file away.
            if try FileStatus(at: path)?.identity == opened.identity {
                return (file, opened.size)
            }
        }
    }
}

internal import MirrorSystem

/// Keeps objects as files below one folder: a key's path is its file's path.
///
/// Unfinished writes lie in the folder `~mirrord` below the root, which no key can name. Several
/// drivers, in several processes too, may use one folder at the same time.
public final class FileSystemDriver: StorageDriver {
    private let store: FileStore

    /// Why nothing can be written, where that is known from the start; what is held can be read.
    public let writeError: StorageError?

    /// Uses the folder at `root`, making it when it is missing. Blocks the calling thread.
    ///
    /// - Throws: when the folder is not there and cannot be made.
    public init(root: String) throws(StorageError) {
        let layout = FileLayout(root: root)
        do throws(SystemError) {
            try FolderTree.make(layout.root) { parent throws(SystemError) in
                try FileNames.syncFolder(parent)
            }
        } catch {
            throw StorageError(error, at: .root)
        }
        do throws(SystemError) {
            try FileNames.checkWritable(layout.root)
            writeError = nil
        } catch {
            writeError = StorageError(error, at: .root)
        }
        store = FileStore(layout)
    }

    /// Opens the file of `key`; nil when there is none.
    public func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try await run(key) { store throws(SystemError) in try store.open(key) }
    }

    /// The size of the file of `key`; nil when there is none.
    public func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo? {
        try await run(key) { store throws(SystemError) in try store.stat(key) }
    }

    /// Writes a file and renames it into its place.
    public func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try await run(key) { store throws(SystemError) in try store.put(bytes, at: key) }
    }

    /// Opens the growing file of `key`. It is locked: a second upload there, of any process, is
    /// a conflict until this one ends.
    public func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload {
        try await run(key) { store throws(SystemError) in try FileUpload(key, in: store) }
    }

    /// Opens the growing file of `key` without its lock.
    public func unfinished(
        at key: StorageKey
    ) async throws(StorageError) -> (any StoredObject)? {
        try await run(key) { store throws(SystemError) in try store.unfinished(at: key) }
    }

    /// Reads the folder of `key`, all of it for each page.
    public func list(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await run(key) { store throws(SystemError) in
            try store.list(key, after: after, limit: limit)
        }
    }

    /// Reads the folder of growing files that belongs to `key`, all of it for each page.
    public func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await run(key) { store throws(SystemError) in
            try store.listUnfinished(key, after: after, limit: limit)
        }
    }

    /// Renames a file or folder. What it replaces vanishes in the same step unless a folder is
    /// involved on either side.
    @discardableResult
    public func move(
        _ source: StorageKey, to destination: StorageKey
    ) async throws(StorageError) -> Bool {
        try await run(source) { store throws(SystemError) in
            try store.move(source, to: destination)
        }
    }

    /// Removes a file, or a folder, which vanishes in one step.
    @discardableResult
    public func delete(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await run(key) { store throws(SystemError) in try store.delete(key) }
    }

    func run<Result: Sendable>(
        _ key: StorageKey,
        _ work: @escaping @Sendable (FileStore) throws(SystemError) -> Result
    ) async throws(StorageError) -> Result {
        do throws(SystemError) {
            return try await BlockingPool.shared.run { [store] () throws(SystemError) in
                try work(store)
            }
        } catch {
            throw StorageError(error, at: key)
        }
    }
}

internal import Synchronization

/// Keeps objects in memory, up to a limit; all is lost with the process.
///
/// For tests, and for mirrors that may begin empty after each start.
public final class MemoryDriver: StorageDriver {
    let contents: Mutex<MemoryContents>

    /// Makes an empty driver.
    ///
    /// - Parameter byteLimit: how many bytes all objects and unfinished writes may have
    ///   together; a write that would need more is out of space.
    public init(byteLimit: Int64 = .max) {
        contents = Mutex(MemoryContents(byteLimit: byteLimit))
    }

    /// The object at `key`; nil when there is none.
    public func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        contents.withLock { $0.object(at: key) }
    }

    /// The size of the object at `key`; nil when there is none.
    public func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo? {
        contents.withLock { $0.object(at: key) }.map { ObjectInfo(size: $0.size) }
    }

    /// Keeps the bytes as an object.
    public func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try contents.withLock { contents throws(StorageError) in
            try contents.put(MemoryObject(bytes), at: key)
        }
    }

    /// Takes up the unfinished write at `key`. A second upload there is a conflict until this
    /// one ends.
    public func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload {
        let buffer = try contents.withLock { contents throws(StorageError) in
            try contents.openUpload(at: key)
        }
        return MemoryUpload(buffer, at: key, in: self)
    }

    /// The bytes of the unfinished write at `key`.
    public func unfinished(
        at key: StorageKey
    ) async throws(StorageError) -> (any StoredObject)? {
        contents.withLock { $0.unfinished(at: key) }
    }

    /// The names below `key`. Looks at all of them for each page.
    public func list(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        guard case .folder(let folder) = contents.withLock({ $0.node(at: key) }) else { return [] }
        var page = ListPage(after: after, limit: limit)
        for (name, node) in folder.nodes where page.wants(name) {
            page.add(ListEntry(name: name, isFolder: node.isFolder))
        }
        return page.finish()
    }

    /// The names of unfinished writes below `key`. Looks at all there are for each page.
    public func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        var page = ListPage(after: after, limit: limit)
        for entry in contents.withLock({ $0.unfinished(below: key) }) where page.wants(entry.name) {
            page.add(entry)
        }
        return page.finish()
    }

    /// Moves an object or a folder, in one step.
    @discardableResult
    public func move(
        _ source: StorageKey, to destination: StorageKey
    ) async throws(StorageError) -> Bool {
        try contents.withLock { contents throws(StorageError) in
            try contents.move(source, to: destination)
        }
    }

    /// Removes an object or a folder, in one step.
    @discardableResult
    public func delete(_ key: StorageKey) async throws(StorageError) -> Bool {
        contents.withLock { $0.delete(key) }
    }

    /// Removes an object that nobody has open.
    @discardableResult
    public func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool {
        contents.withLock { contents in
            if contents.isInUse(key) { return false }
            _ = contents.delete(key)
            return true
        }
    }

    /// Whether somebody has the object open.
    public func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool {
        contents.withLock { $0.isInUse(key) }
    }
}

import MirrorCore

// sample
/// Keeps everything below one key of another driver, so that several mirrors can share it.
struct PrefixedDriver: StorageDriver {
    let base: any StorageDriver
    let prefix: StorageKey

    func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try await base.open(inBase(key))
    }

    func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo? {
        try await base.stat(inBase(key))
    }

    func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try await base.put(bytes, at: place(key))
    }

    func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload {
        PrefixedUpload(base: try await base.upload(at: place(key)), driver: self)
    }

    func unfinished(at key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try await base.unfinished(at: place(key))
    }

    func list(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await base.list(inBase(key), after: after, limit: limit)
    }

    func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await base.listUnfinished(inBase(key), after: after, limit: limit)
    }

    func move(
        _ source: StorageKey, to destination: StorageKey
    ) async throws(StorageError) -> Bool {
        try await base.move(inBase(source), to: inBase(destination))
    }

    func delete(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await base.delete(inBase(key))
    }

    func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await base.deleteUnused(inBase(key))
    }

    func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await base.isInUse(inBase(key))
    }

    func space() async throws(StorageError) -> StorageSpace? {
        try await base.space()
    }

    private func inBase(_ key: StorageKey) -> StorageKey {
        key.path.split(separator: "/").reduce(prefix) { $0.child($1) }
    }

    /// The root is a folder here although its place in the base could hold an object.
    fileprivate func place(_ key: StorageKey) throws(StorageError) -> StorageKey {
        guard key != .root else {
            throw StorageError(.conflict, at: key, reason: "the root is no object")
        }
        return inBase(key)
    }
}

/// A growing object whose final key is one of the base, too.
private final class PrefixedUpload: StorageUpload {
    private let base: any StorageUpload
    private let driver: PrefixedDriver

    init(base: any StorageUpload, driver: PrefixedDriver) {
        self.base = base
        self.driver = driver
    }

    var size: Int64 { base.size }
    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await base.read(at: offset, limit: limit)
    }
    func region(_ range: Range<Int64>) -> FileRegion? { base.region(range) }
    func write(_ bytes: [UInt8], at offset: Int64) async throws(StorageError) {
        try await base.write(bytes, at: offset)
    }
    func commit(to key: StorageKey) async throws(StorageError) {
        try await base.commit(to: driver.place(key))
    }
    func suspend() async { await base.suspend() }
    func abandon() async { await base.abandon() }
}
// end of sample

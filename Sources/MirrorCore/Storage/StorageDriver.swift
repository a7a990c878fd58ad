/// A place that keeps objects by key and gives them back byte for byte.
///
/// ### Rules for implementers
/// - An object is invisible until its write has ended, and whole from then on; a write over an
///   existing object replaces it in one step.
/// - Once `put`, `commit`, `move` or `delete` has returned, its effect survives a loss of power.
/// - A key that was never written reads as nil; it is not an error.
/// - Removing or replacing an object does not disturb those who have it open.
/// - A key is either an object or a folder of further keys, never both.
///
/// ### What callers may assume
/// Calls for different keys may run at the same time. Of two writes to one key the last to end
/// wins, and no reader sees a mixture. Nothing here blocks the calling thread.
///
/// Check a driver with `StorageRule.all` from MirrorTesting.
public protocol StorageDriver: Sendable {
    /// Opens the object at `key`; nil when there is none.
    func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)?

    /// What is known of the object at `key` without opening it; nil when there is none.
    func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo?

    /// Writes a whole small object at `key`, replacing what is there.
    func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError)

    /// Takes up the unfinished write at `key`, or begins it when there is none.
    ///
    /// What was written before, even by a process that was killed, is there up to
    /// ``StorageUpload/size``. At most one upload may be open for a key: a second is a
    /// ``StorageError/Code/conflict`` until the first has ended.
    func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload

    /// The unfinished write at `key` for reading, whoever is writing there; nil when there is
    /// none. Its size grows, and it stays readable to what was written when the upload ends.
    func unfinished(at key: StorageKey) async throws(StorageError) -> (any StoredObject)?

    /// The names directly below `key`, in the order of their bytes, at most `limit` of them,
    /// beginning after `after`; empty when there are no more, or `key` holds nothing.
    ///
    /// Unfinished writes are not listed.
    func list(_ key: StorageKey, after: String?, limit: Int) async throws(StorageError)
        -> [ListEntry]

    /// The names directly below `key` of unfinished writes, whoever is writing there, and of
    /// folders that hold some, in pages like those of ``list(_:after:limit:)``.
    func listUnfinished(_ key: StorageKey, after: String?, limit: Int)
        async throws(StorageError) -> [ListEntry]

    /// Gives the object or folder at `source` the key `destination`, replacing what is there;
    /// false when there is nothing at `source`. Unfinished writes stay where they are. When one
    /// key lies below the other it is a ``StorageError/Code/conflict``.
    @discardableResult
    func move(_ source: StorageKey, to destination: StorageKey) async throws(StorageError) -> Bool

    /// Removes the object or folder at `key` with all below it, unfinished writes too; false
    /// when there was nothing. An upload that is open there cannot be committed any more.
    @discardableResult
    func delete(_ key: StorageKey) async throws(StorageError) -> Bool

    /// Removes the object at `key` unless somebody has it open, in this process or another one on
    /// this machine.
    ///
    /// - Returns: false when it is in use, and stays.
    @discardableResult
    func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool

    /// Whether somebody has the object at `key` open, in this process or another one on this
    /// machine.
    func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool

    /// How much room there is; nil where that cannot be said.
    func space() async throws(StorageError) -> StorageSpace?

    /// Gives back room that nothing refers to, such as what killed processes left half-written.
    /// Never needed for what is stored to be right. A mirror calls it in the background, after
    /// its start and once a day.
    func sweep() async throws(StorageError)
}

extension StorageDriver {
    /// There is nothing to give back unless the driver says so.
    public func sweep() async throws(StorageError) {}

    /// Removes the object whoever has it open, where the driver cannot tell: they keep its bytes.
    @discardableResult
    public func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await delete(key)
        return true
    }

    /// Nobody is known to use an object unless the driver says so.
    public func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool { false }

    /// Nothing is known of the room unless the driver says so.
    public func space() async throws(StorageError) -> StorageSpace? { nil }
}

/// How much room a storage driver has.
public struct StorageSpace: Hashable, Sendable {
    /// Size of the whole volume in bytes.
    public var total: Int64
    /// Bytes that can still be written.
    public var available: Int64

    /// Describes a volume.
    public init(total: Int64, available: Int64) {
        self.total = total
        self.available = available
    }
}

/// What is known of an object without opening it.
public struct ObjectInfo: Hashable, Sendable {
    /// Size in bytes.
    public var size: Int64
    /// When it was written, where the driver knows.
    public var writtenAt: WallTime?

    /// Describes an object of `size` bytes.
    public init(size: Int64, writtenAt: WallTime? = nil) {
        self.size = size
        self.writtenAt = writtenAt
    }
}

/// One name in a folder.
public struct ListEntry: Hashable, Sendable {
    /// The last component of the key.
    public var name: String
    /// Whether further keys lie below it.
    public var isFolder: Bool

    /// Names an object or a folder.
    public init(name: String, isFolder: Bool) {
        self.name = name
        self.isFolder = isFolder
    }
}

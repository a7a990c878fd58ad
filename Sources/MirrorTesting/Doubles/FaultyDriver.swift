public import MirrorCore
internal import Synchronization

/// Passes everything on to another driver, counts it, and fails where a test says so.
///
/// What fails is decided by rules alone, never by chance: the same calls in the same order fail
/// in the same places.
public final class FaultyDriver: StorageDriver {
    private let driver: any StorageDriver
    private let record = Mutex(FaultRecord())
    private let statedSpace = Mutex<StorageSpace?>(nil)

    /// Wraps a driver. Nothing fails until ``fail(_:)`` is called.
    public init(_ driver: any StorageDriver) {
        self.driver = driver
    }

    /// Adds a fault. Of several that match one call, the first added is thrown.
    public func fail(_ fault: StorageFault) {
        record.withLock { $0.faults.append(FaultRecord.Armed(fault: fault)) }
    }

    /// Forgets all faults.
    public func heal() {
        record.withLock { $0.faults = [] }
    }

    /// How often each kind of call came in, failed ones included, since the last ``resetCounts()``.
    public var counts: [StorageOperation: Int] { record.withLock { $0.counts } }

    /// How often any call came in; 0 proves that the storage was left alone.
    public var callCount: Int { counts.values.reduce(0, +) }

    /// Counts from zero again.
    public func resetCounts() {
        record.withLock { $0.counts = [:] }
    }

    /// Opens, if no fault hits.
    public func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try note(.open, key)
        guard let object = try await driver.open(key) else { return nil }
        return FaultyObject(object, at: key, in: self)
    }

    /// Asks, if no fault hits.
    public func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo? {
        try note(.stat, key)
        return try await driver.stat(key)
    }

    /// Writes, if no fault hits.
    public func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try note(.put, key, byteCount: bytes.count)
        try await driver.put(bytes, at: key)
    }

    /// Takes up an upload, if no fault hits.
    public func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload {
        try note(.upload, key)
        return FaultyUpload(try await driver.upload(at: key), at: key, in: self)
    }

    /// Opens an unfinished write for reading, if no fault hits.
    public func unfinished(
        at key: StorageKey
    ) async throws(StorageError) -> (any StoredObject)? {
        try note(.unfinished, key)
        return try await driver.unfinished(at: key).map { FaultyObject($0, at: key, in: self) }
    }

    /// Lists, if no fault hits.
    public func list(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try note(.list, key)
        return try await driver.list(key, after: after, limit: limit)
    }

    /// Lists unfinished writes, if no fault hits.
    public func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try note(.listUnfinished, key)
        return try await driver.listUnfinished(key, after: after, limit: limit)
    }

    /// Moves, if no fault hits.
    @discardableResult
    public func move(
        _ source: StorageKey, to destination: StorageKey
    ) async throws(StorageError) -> Bool {
        try note(.move, source)
        return try await driver.move(source, to: destination)
    }

    /// Deletes, if no fault hits.
    @discardableResult
    public func delete(_ key: StorageKey) async throws(StorageError) -> Bool {
        try note(.delete, key)
        return try await driver.delete(key)
    }

    /// Deletes what is not in use, if no fault of deletions hits.
    @discardableResult
    public func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool {
        try note(.delete, key)
        return try await driver.deleteUnused(key)
    }

    /// Asks the driver behind.
    public func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await driver.isInUse(key)
    }

    /// The room that was set, else that of the driver behind.
    public func space() async throws(StorageError) -> StorageSpace? {
        if let space = statedSpace.withLock({ $0 }) { return space }
        return try await driver.space()
    }

    /// Sets how much room there is, whatever the driver behind says.
    public func setSpace(_ space: StorageSpace?) {
        statedSpace.withLock { $0 = space }
    }

    /// Has the driver behind give back room.
    public func sweep() async throws(StorageError) {
        try await driver.sweep()
    }

    /// Counts a call, and throws where a fault hits it.
    func note(
        _ operation: StorageOperation, _ key: StorageKey, byteCount: Int = 0
    ) throws(StorageError) {
        let code = record.withLock { $0.note(operation, key, byteCount: byteCount) }
        if let code { throw StorageError(code, at: key, reason: "injected into \(operation)") }
    }

    /// Counts a call that cannot fail.
    func count(_ operation: StorageOperation) {
        record.withLock { $0.counts[operation, default: 0] += 1 }
    }
}

internal import Synchronization

/// Content of the store, open for reading. It reports when it cannot be read as it should, and
/// breaks off when others find it damaged.
final class WatchedObject: StoredObject {
    let digest: Digest
    private let object: any StoredObject
    private let damage: DamageControl
    /// The last finding when it was opened.
    private let opened: Int
    /// The last finding that is known not to concern it.
    private let checked: Atomic<Int>

    /// - Parameter opened: the number of the last finding of damage before it was opened.
    init(_ object: any StoredObject, of digest: Digest, after opened: Int, _ damage: DamageControl)
    {
        self.object = object
        self.digest = digest
        self.opened = opened
        self.damage = damage
        checked = Atomic(opened)
    }

    var size: Int64 { object.size }
    var version: String? { object.version }

    /// Whether nobody has found it damaged since it was opened. Quick: a look at one number.
    var isSound: Bool {
        let latest = damage.record.latest
        if checked.load(ordering: .relaxed) == latest { return true }
        if damage.record.concerns(digest, openedAfter: opened) { return false }
        checked.store(latest, ordering: .relaxed)
        return true
    }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await watch { () async throws(StorageError) in
            try await object.read(at: offset, limit: limit)
        }
    }

    func readOnce(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await watch { () async throws(StorageError) in
            try await object.readOnce(at: offset, limit: limit)
        }
    }

    private func watch(
        _ read: () async throws(StorageError) -> [UInt8]
    ) async throws(StorageError) -> [UInt8] {
        guard isSound else {
            throw StorageError(
                .damaged, at: RegistryLayout.data(digest), reason: "found damaged meanwhile")
        }
        do throws(StorageError) {
            return try await read()
        } catch {
            if error.code == .damaged {
                await damage.setAside(self, .unreadable(error.description))
            }
            throw error
        }
    }

    /// Nil also when it has been found damaged; a read says so then.
    func region(_ range: Range<Int64>) -> FileRegion? {
        isSound ? object.region(range) : nil
    }
}

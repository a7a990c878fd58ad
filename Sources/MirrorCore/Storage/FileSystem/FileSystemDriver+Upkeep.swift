internal import MirrorSystem

extension FileSystemDriver {
    /// How much room the file system of the root has.
    public func space() async throws(StorageError) -> StorageSpace? {
        try await run(.root) { store throws(SystemError) in
            let volume = try VolumeSpace(at: store.layout.root)
            return StorageSpace(total: volume.total, available: volume.available)
        }
    }

    /// Removes a file that no process of this machine has open as an object.
    @discardableResult
    public func deleteUnused(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await run(key) { store throws(SystemError) in try store.deleteUnused(key) }
    }

    /// Whether a process of this machine has the file open as an object.
    public func isInUse(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await run(key) { store throws(SystemError) in try store.isInUse(key) }
    }

    /// Removes what a killed process left half-written or half-removed at least an hour ago.
    /// Uploads are no such thing: they wait to be taken up.
    public func sweep() async throws(StorageError) {
        try await run(.root) { store throws(SystemError) in
            try store.sweep(before: secondsSince1970() - 3600)
        }
    }
}

internal import MirrorSystem

/// Who opens an object shares its lock as long as it is open, so that whoever wants the file gone
/// can tell, in another process too.
extension FileStore {
    /// Removes the file of `key` if nobody has it open as an object.
    ///
    /// - Returns: false when somebody has, and it stays.
    func deleteUnused(_ key: StorageKey) throws(SystemError) -> Bool {
        guard let file = try openForRemoval(key) else { return true }
        guard file.tryLock() else { return false }
        let path = layout.path(of: key)
        // Somebody else's new file in the same place is not the one that is locked.
        guard try FileStatus(at: path)?.identity == FileStatus(of: file).identity else {
            return false
        }
        _ = try delete(key)
        return true
    }

    /// Whether somebody has the file of `key` open as an object.
    func isInUse(_ key: StorageKey) throws(SystemError) -> Bool {
        guard let file = try openForRemoval(key) else { return false }
        return !file.tryLock()
    }

    private func openForRemoval(_ key: StorageKey) throws(SystemError) -> SharedFile? {
        do throws(SystemError) {
            return try SharedFile.open(layout.path(of: key), for: .reading)
        } catch {
            if error.isUnreachable { return nil }
            throw error
        }
    }
}

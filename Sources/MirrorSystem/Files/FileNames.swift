internal import Glibc

/// The calls that change names, not content. None of them is durable until the folder that
/// holds the name is synced.
package enum FileNames {
    /// Gives the file or folder at `source` the name `destination`, replacing a file, or an
    /// empty folder, that is there; in one step.
    package static func rename(
        _ source: String, to destination: String
    ) throws(SystemError) {
        // Safe: both paths live as long as the call.
        _ = try retrying("rename") { unsafe Glibc.rename(source, destination) }
    }

    /// Removes a name of a file.
    package static func unlink(_ path: String) throws(SystemError) {
        // Safe: the path lives as long as the call.
        _ = try retrying("unlink") { unsafe Glibc.unlink(path) }
    }

    /// Makes a folder with the rights that the umask leaves of 0777; its parent must exist.
    ///
    /// - Returns: false when the name was taken, by whatever.
    @discardableResult
    package static func makeFolder(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            // Safe: the path lives as long as the call.
            _ = try retrying("mkdir") { unsafe mkdir(path, 0o777) }
            return true
        } catch {
            if error.number == EEXIST { return false }
            throw error
        }
    }

    /// Removes an empty folder.
    ///
    /// - Returns: false when something is left in it, or it is none.
    package static func removeEmptyFolder(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            // Safe: the path lives as long as the call.
            _ = try retrying("rmdir") { unsafe rmdir(path) }
            return true
        } catch {
            switch error.number {
            case ENOTEMPTY, EEXIST, ENOENT, ENOTDIR, EBUSY: return false
            default: throw error
            }
        }
    }

    /// Makes the names in the folder at `path` survive a loss of power.
    package static func syncFolder(_ path: String) throws(SystemError) {
        try SharedFile.open(path, for: .folder).sync()
    }

    /// Whether this process may make and remove names in the folder at `path`.
    package static func checkWritable(_ path: String) throws(SystemError) {
        // Safe: the path lives as long as the call.
        _ = try retrying("access") { unsafe access(path, R_OK | W_OK | X_OK) }
    }
}

internal import Glibc

/// How much room the file system at a path has.
package struct VolumeSpace: Hashable, Sendable {
    /// Size of the file system in bytes.
    package let total: Int64
    /// Bytes that this process may still use; less than what is free when root keeps some.
    package let available: Int64

    /// Asks the file system that holds `path`.
    package init(at path: String) throws(SystemError) {
        var status = statvfs()
        // Safe: the path lives as long as the call, which fills `status` and keeps nothing.
        _ = try retrying("statvfs") { unsafe statvfs(path, &status) }
        let block = Int64(status.f_frsize)
        total = Int64(clamping: status.f_blocks) * block
        available = Int64(clamping: status.f_bavail) * block
    }
}

internal import Glibc

/// What the kernel knows of a file.
package struct FileStatus: Hashable, Sendable {
    /// What stands at a path.
    package enum Kind: Sendable {
        case file, folder, other
    }

    /// What it is; symbolic links are followed.
    package let kind: Kind
    /// Size in bytes.
    package let size: Int64
    /// When the content last changed, in whole seconds since 1970.
    package let modified: Int64
    /// The part of a second that comes on top of ``modified``, in nanoseconds.
    package let modifiedFraction: Int64
    /// The same for every path of one file, and for no other file of the running system.
    package let identity: Identity
    /// Another one as soon as the file is written, replaced or given other rights.
    package let version: Version

    /// Which file it is, whatever it is called.
    package struct Identity: Hashable, Sendable {
        private let device: UInt64
        private let number: UInt64

        /// Such as `2049:131`.
        package var text: String { "\(device):\(number)" }

        fileprivate init(_ status: stat) {
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    /// What tells one state of a file from those before and after it.
    package struct Version: Hashable, Sendable {
        private let identity: Identity
        private let size: Int64
        private let modified: Moment
        private let changed: Moment

        private struct Moment: Hashable {
            let seconds: Int
            let nanoseconds: Int

            init(_ time: timespec) {
                seconds = time.tv_sec
                nanoseconds = time.tv_nsec
            }
        }

        fileprivate init(_ status: stat) {
            identity = Identity(status)
            size = Int64(status.st_size)
            modified = Moment(status.st_mtim)
            changed = Moment(status.st_ctim)
        }
    }

    /// Asks for the file at `path`; nil when there is none.
    package init?(at path: String) throws(SystemError) {
        var status = stat()
        do throws(SystemError) {
            // Safe: the path lives as long as the call, which fills `status` and keeps nothing.
            _ = try retrying("stat") { unsafe stat(path, &status) }
        } catch {
            if error.isUnreachable { return nil }
            throw error
        }
        self.init(status)
    }

    /// Asks for an open file.
    package init(of file: SharedFile) throws(SystemError) {
        var status = stat()
        // Safe: the call fills `status` and keeps nothing.
        _ = try retrying("fstat") { unsafe fstat(file.descriptor, &status) }
        self.init(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec)
        modifiedFraction = Int64(status.st_mtim.tv_nsec)
        identity = Identity(status)
        version = Version(status)
    }
}

/// The time that files are stamped with, in whole seconds since 1970.
package func secondsSince1970() -> Int64 {
    Int64(time(nil))
}

internal import Glibc

extension SharedFile {
    /// What a file is opened for.
    package enum Purpose: Sendable {
        /// To read what is there.
        case reading
        /// To read and write a file that is made when it is missing.
        case updating
        /// To write a file that must not exist yet.
        case creating
        /// To read the names in a folder, or to make them durable.
        case folder

        fileprivate var flags: Int32 {
            switch self {
            // A FIFO that somebody put in the way must not hold the caller up.
            case .reading: O_RDONLY | O_NONBLOCK
            case .updating: O_RDWR | O_CREAT | O_NONBLOCK
            case .creating: O_RDWR | O_CREAT | O_EXCL
            case .folder: O_RDONLY | O_DIRECTORY
            }
        }
    }

    /// Opens the file at `path`; what is made gets the rights that the umask leaves of 0666.
    package static func open(
        _ path: String, for purpose: Purpose
    ) throws(SystemError) -> SharedFile {
        let descriptor = try retrying("open") {
            // Safe: the path is a NUL-terminated copy that lives as long as the call.
            unsafe Glibc.open(path, purpose.flags | O_CLOEXEC, 0o666)
        }
        return SharedFile(owning: descriptor)
    }
}

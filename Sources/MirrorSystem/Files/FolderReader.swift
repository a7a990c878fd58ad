internal import Glibc

/// Reads the names in a folder one after the other, in no particular order.
///
/// Names that come or go meanwhile may or may not be seen; all others are seen once.
@safe package struct FolderReader: ~Copyable {
    /// One name in a folder.
    package struct Entry: Sendable {
        package let name: String
        /// What stands at the name; nil when the file system did not say.
        package let kind: FileStatus.Kind?
    }

    private let stream: OpaquePointer

    /// Opens the folder at `path`.
    package init(_ path: String) throws(SystemError) {
        // Safe: the path lives as long as the call.
        guard let stream = unsafe opendir(path) else { throw SystemError.last("opendir") }
        unsafe self.stream = stream
    }

    /// The next name, `.` and `..` left out; nil at the end.
    package mutating func next() throws(SystemError) -> Entry? {
        while true {
            errno = 0
            guard let record = unsafe readdir(stream) else {
                if errno != 0 { throw SystemError.last("readdir") }
                return nil
            }
            let entry = unsafe Self.entry(record)
            if entry.name != ".", entry.name != ".." { return entry }
        }
    }

    private static func entry(_ record: UnsafeMutablePointer<dirent>) -> Entry {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        // Safe: the name ends with NUL within the record, which stays until the next readdir.
        // It is read in place, for the record may be shorter than the struct that C declares.
        let start = unsafe UnsafeRawPointer(record).advanced(by: offset)
        let name = unsafe String(cString: start.assumingMemoryBound(to: CChar.self))
        return Entry(name: name, kind: kind(unsafe record.pointee.d_type))
    }

    private static func kind(_ type: UInt8) -> FileStatus.Kind? {
        switch Int(type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        // A link may lead to anything.
        case Int(DT_UNKNOWN), Int(DT_LNK): nil
        default: .other
        }
    }

    deinit {
        // Safe: the stream was opened by `init` and is closed once.
        unsafe closedir(stream)
    }
}

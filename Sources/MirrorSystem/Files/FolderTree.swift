internal import Glibc

/// Folders with all that is below them.
package enum FolderTree {
    /// Makes the folder at `path` and those above it that are missing.
    ///
    /// - Parameter onCreate: is told of each new folder's parent, so that it can be synced.
    package static func make(
        _ path: String, onCreate: (String) throws(SystemError) -> Void = { _ in }
    ) throws(SystemError) {
        if try FileStatus(at: path)?.kind == .folder { return }
        let parent = parent(of: path)
        if !parent.isEmpty, parent != path { try make(parent, onCreate: onCreate) }
        if try FileNames.makeFolder(path) {
            try onCreate(parent.isEmpty ? "." : parent)
        } else if try FileStatus(at: path)?.kind == .file {
            throw SystemError("mkdir", number: ENOTDIR)
        }
    }

    /// Removes the file or folder at `path` with all that is below it. What others remove at
    /// the same time does no harm.
    package static func remove(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try FileNames.unlink(path)
        } catch {
            switch error.number {
            case ENOENT: return
            case EISDIR: try removeFolder(path)
            default: throw error
            }
        }
    }

    private static func removeFolder(_ path: String) throws(SystemError) {
        // A writer that was on its way may leave a name after the first round.
        for _ in 0..<8 {
            try removeContent(path)
            if try FileNames.removeEmptyFolder(path) { return }
            if try FileStatus(at: path) == nil { return }
        }
        throw SystemError("rmdir", number: ENOTEMPTY)
    }

    private static func removeContent(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            var reader = try FolderReader(path)
            while let entry = try reader.next() { try remove("\(path)/\(entry.name)") }
        } catch {
            if !error.isMissing { throw error }
        }
    }

    /// The path up to the last slash; empty when there is none, `/` for what lies at the top.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

internal import MirrorSystem
internal import Synchronization

/// The steps that the file system driver is made of. All of them block.
///
/// Files enter and leave by a rename, and the folder is synced before a step returns. Folders
/// are made when a file wants in and removed with their last file; one lock orders these two
/// within this process. Against another process, a writer that finds its folder gone makes it
/// anew.
final class FileStore: Sendable {
    let layout: FileLayout

    /// Held while folders are made or removed, the syncs that making needs included: whoever
    /// passes it knows that every folder it met is durable.
    private let folders = Mutex<Void>(())

    /// How often a writer whose folder is removed under it begins anew.
    private static let attempts = 16

    init(_ layout: FileLayout) {
        self.layout = layout
    }

    /// Opens a file that is made when it is missing, as are the folders above it.
    func openMaking(
        _ path: String, for purpose: SharedFile.Purpose
    ) throws(SystemError) -> SharedFile {
        try makingFolder(of: path) { () throws(SystemError) in
            try SharedFile.open(path, for: purpose)
        }
    }

    /// Gives the finished file or folder at `source` its durable place.
    func place(_ source: String, at destination: String) throws(SystemError) {
        try makingFolder(of: destination, for: source) { () throws(SystemError) in
            try FileNames.rename(source, to: destination)
        }
        // The folder may be one that another writer is still making durable.
        folders.withLock { _ in }
        try syncFolder(of: destination)
    }

    /// Runs `enter`, which needs the folder of `path`, and makes the folder when it is missing;
    /// not, though, when it is `source` that is missing.
    private func makingFolder<Result>(
        of path: String, for source: String? = nil,
        _ enter: () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let folder = FolderTree.parent(of: path)
        for _ in 1..<Self.attempts {
            do throws(SystemError) {
                return try enter()
            } catch {
                guard error.isMissing else { throw error }
                if let source, try FileStatus(at: source) == nil { throw error }
            }
            do throws(SystemError) {
                try folders.withLock { _ throws(SystemError) in
                    try FolderTree.make(folder) { parent throws(SystemError) in
                        try FileNames.syncFolder(parent)
                    }
                }
            } catch {
                guard error.isMissing else { throw error }
            }
        }
        return try enter()
    }

    /// Removes the folders above `path` that are empty, from the lowest upwards; never the root.
    func prune(above path: String) throws(SystemError) {
        try folders.withLock { _ throws(SystemError) in
            var folder = FolderTree.parent(of: path)
            while folder.utf8.count > layout.root.utf8.count {
                let isGone = try FileNames.removeEmptyFolder(folder)
                if !isGone, try FileStatus(at: folder) != nil { return }
                folder = FolderTree.parent(of: folder)
            }
        }
    }

    /// Makes the names beside `path` durable. A folder that is gone was removed with all its
    /// names, so the one above has the last word.
    func syncFolder(of path: String) throws(SystemError) {
        var folder = FolderTree.parent(of: path)
        while true {
            do throws(SystemError) {
                return try FileNames.syncFolder(folder)
            } catch {
                guard error.isUnreachable, folder.utf8.count > layout.root.utf8.count else {
                    throw error
                }
                folder = FolderTree.parent(of: folder)
            }
        }
    }
}

internal import MirrorSystem

extension FileStore {
    /// The first `limit` names after `after` in the folder of `key`.
    ///
    /// Reads the whole folder for each page, and holds about two pages in memory.
    func list(
        _ key: StorageKey, after: String?, limit: Int
    ) throws(SystemError) -> [ListEntry] {
        let folder = layout.path(of: key)
        // A file in the root's place is no store without content.
        if key == .root, let status = try FileStatus(at: folder), status.kind != .folder {
            throw SystemError.noFolder("opendir")
        }
        return try list(folder: folder, after: after, limit: limit)
    }

    /// The same in the folder of uploads below `key`.
    func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) throws(SystemError) -> [ListEntry] {
        try list(folder: layout.unfinishedPath(of: key), after: after, limit: limit)
    }

    private func list(
        folder: String, after: String?, limit: Int
    ) throws(SystemError) -> [ListEntry] {
        var page = ListPage(after: after, limit: limit)
        do throws(SystemError) {
            var reader = try FolderReader(folder)
            while let entry = try reader.next() {
                guard StorageKey.isValid(entry.name), page.wants(entry.name),
                    let isFolder = try isFolder(entry, in: folder)
                else { continue }
                page.add(ListEntry(name: entry.name, isFolder: isFolder))
            }
        } catch {
            if !error.isUnreachable { throw error }
        }
        return page.finish()
    }

    /// Nil when the name leads to neither an object nor a folder.
    private func isFolder(
        _ entry: FolderReader.Entry, in folder: String
    ) throws(SystemError) -> Bool? {
        var kind = entry.kind
        if kind == nil { kind = try FileStatus(at: "\(folder)/\(entry.name)")?.kind }
        return switch kind {
        case .file: false
        case .folder: true
        case .other, nil: nil
        }
    }
}

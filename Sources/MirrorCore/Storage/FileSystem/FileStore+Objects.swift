internal import MirrorSystem

extension FileStore {
    /// Opens the object at `key`; nil when there is none.
    func open(_ key: StorageKey) throws(SystemError) -> FileObject? {
        do throws(SystemError) {
            let file = try SharedFile.open(layout.path(of: key), for: .reading)
            let status = try FileStatus(of: file)
            guard status.kind == .file else { return nil }
            // Without it, the file may go while it is open; its bytes stay readable all the same.
            file.tryShare()
            return FileObject(file: file, status: status, key: key)
        } catch {
            if error.isUnreachable { return nil }
            throw error
        }
    }

    /// Opens the growing file of the upload at `key` for reading; nil when there is none.
    func unfinished(at key: StorageKey) throws(SystemError) -> GrowingObject? {
        do throws(SystemError) {
            let file = try SharedFile.open(layout.unfinishedPath(of: key), for: .reading)
            guard try FileStatus(of: file).kind == .file else { return nil }
            return GrowingObject(file: file, key: key)
        } catch {
            if error.isUnreachable { return nil }
            throw error
        }
    }

    /// What is known of the object at `key`; nil when there is none.
    func stat(_ key: StorageKey) throws(SystemError) -> ObjectInfo? {
        guard let status = try FileStatus(at: layout.path(of: key)), status.kind == .file
        else { return nil }
        return ObjectInfo(size: status.size, writtenAt: .seconds(status.modified))
    }

    /// Writes a whole object and puts it in its place.
    func put(_ bytes: [UInt8], at key: StorageKey) throws(SystemError) {
        guard key != .root else { throw SystemError("rename", .folder) }
        let passing = layout.passingPath()
        let file = try openMaking(passing, for: .creating)
        do throws(SystemError) {
            try file.write(bytes, at: 0)
            try file.syncContent()
            try place(passing, at: layout.path(of: key))
        } catch {
            try? FileNames.unlink(passing)
            // Folders may have been made for it in vain.
            try? prune(above: layout.path(of: key))
            throw error
        }
    }

    /// Moves an object or a folder.
    ///
    /// - Returns: false when there is nothing at `source`.
    func move(_ source: StorageKey, to destination: StorageKey) throws(SystemError) -> Bool {
        let from = layout.path(of: source)
        guard try FileStatus(at: from) != nil else { return false }
        if source == destination { return true }
        guard !source.isAtOrAbove(destination), !destination.isAtOrAbove(source) else {
            throw SystemError("rename", .nested)
        }
        let target = layout.path(of: destination)
        do throws(SystemError) {
            try place(from, at: target)
        } catch {
            if error.isMissing { return false }
            guard error.isNotReplaceable else { throw error }
            // rename replaces neither a folder that has content nor one kind by the other.
            guard try takeAway(target) else { throw error }
            try place(from, at: target)
        }
        try prune(above: from)
        try syncFolder(of: from)
        return true
    }

    /// Removes the object or folder at `key`, and the unfinished writes there.
    ///
    /// - Returns: false when there was nothing.
    func delete(_ key: StorageKey) throws(SystemError) -> Bool {
        if key == .root { return try deleteAll() }
        let isFound = try deleteFinished(layout.path(of: key))
        let unfinished = layout.unfinishedPath(of: key)
        guard try FileStatus(at: unfinished) != nil else { return isFound }
        try FolderTree.remove(unfinished)
        try prune(above: unfinished)
        return true
    }

    private func deleteFinished(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try FileNames.unlink(path)
        } catch {
            if error.isUnreachable { return false }
            guard error.isFolderInTheWay else { throw error }
            guard try takeAway(path) else { return false }
        }
        try prune(above: path)
        try syncFolder(of: path)
        return true
    }

    /// The root stays; what is in it goes one by one.
    private func deleteAll() throws(SystemError) -> Bool {
        var isFound = try FileStatus(at: layout.unfinished) != nil
        try FolderTree.remove(layout.unfinished)
        while true {
            let page = try list(.root, after: nil, limit: 256)
            if page.isEmpty { return isFound }
            for entry in page {
                let isGone = try deleteFinished(layout.path(of: .root.child(entry.name)))
                isFound = isFound || isGone
            }
        }
    }

    /// Makes what is at `path` vanish in one step, then removes it at leisure.
    ///
    /// - Returns: false when there is nothing.
    private func takeAway(_ path: String) throws(SystemError) -> Bool {
        let passing = layout.passingPath()
        do throws(SystemError) {
            try place(path, at: passing)
        } catch {
            if error.isUnreachable { return false }
            throw error
        }
        try FolderTree.remove(passing)
        return true
    }

    /// Removes what a killed process left on its way in or out before `time`, in seconds since
    /// 1970.
    func sweep(before time: Int64) throws(SystemError) {
        do throws(SystemError) {
            var reader = try FolderReader(layout.passing)
            while let entry = try reader.next() {
                let path = "\(layout.passing)/\(entry.name)"
                guard let status = try FileStatus(at: path), status.modified < time
                else { continue }
                try FolderTree.remove(path)
            }
        } catch {
            if !error.isMissing { throw error }
        }
    }
}

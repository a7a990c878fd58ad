/// All that a memory driver holds, with the count of its bytes.
struct MemoryContents {
    /// An upload that has not ended, open or suspended.
    struct Unfinished {
        let bytes: MemoryBuffer
        var byteCount: Int64 = 0
        var isOpen = true
    }

    private let byteLimit: Int64
    private var byteCount: Int64 = 0
    private var root = MemoryFolder()
    private var unfinished: [StorageKey: Unfinished] = [:]

    init(byteLimit: Int64) {
        self.byteLimit = byteLimit
    }

    func node(at key: StorageKey) -> MemoryFolder.Node? {
        root.node(at: key.components)
    }

    func object(at key: StorageKey) -> MemoryObject? {
        guard case .object(let object) = node(at: key) else { return nil }
        return object
    }

    /// Puts an object in its place if there is room for it beside what it does not replace.
    mutating func put(_ object: MemoryObject, at key: StorageKey) throws(StorageError) {
        let replaced = node(at: key)
        if let replaced, replaced.isFolder {
            throw StorageError(.conflict, at: key, reason: "a folder stands where an object is due")
        }
        let growth = object.size - (replaced?.byteCount ?? 0)
        try checkRoom(for: growth, at: key)
        try set(.object(object), at: key)
        byteCount += growth
    }

    mutating func move(
        _ source: StorageKey, to destination: StorageKey
    ) throws(StorageError) -> Bool {
        guard let node = node(at: source) else { return false }
        if source == destination { return true }
        guard !source.isAtOrAbove(destination), !destination.isAtOrAbove(source) else {
            throw StorageError(.conflict, at: source, reason: "one key lies below the other")
        }
        let replaced = self.node(at: destination)
        try set(node, at: destination)
        byteCount -= replaced?.byteCount ?? 0
        _ = root.remove(at: source.components)
        return true
    }

    mutating func delete(_ key: StorageKey) -> Bool {
        let removed = root.remove(at: key.components)
        byteCount -= removed?.byteCount ?? 0
        let uploads = unfinished.keys.filter { key.isAtOrAbove($0) }
        for upload in uploads { endUpload(at: upload) }
        return removed != nil || !uploads.isEmpty
    }

    /// Whether somebody has the object at `key` open.
    mutating func isInUse(_ key: StorageKey) -> Bool {
        guard object(at: key) != nil, case .object(var object) = root.remove(at: key.components)
        else { return false }
        // Taken out, it has no owner but this and those who read it.
        let isInUse = !isKnownUniquelyReferenced(&object)
        try? set(.object(object), at: key)
        return isInUse
    }

    private mutating func set(
        _ node: MemoryFolder.Node, at key: StorageKey
    ) throws(StorageError) {
        do throws(MemoryFolder.Conflict) {
            try root.set(node, at: key.components)
        } catch {
            throw StorageError(.conflict, at: key, reason: error.reason)
        }
    }

    private func checkRoom(for growth: Int64, at key: StorageKey) throws(StorageError) {
        guard growth <= byteLimit - byteCount else {
            throw StorageError(
                .outOfSpace, at: key, reason: "the limit of \(byteLimit) bytes is reached")
        }
    }
}

extension MemoryContents {
    mutating func openUpload(at key: StorageKey) throws(StorageError) -> MemoryBuffer {
        guard key != .root else {
            throw StorageError(.conflict, at: key, reason: "the root is a folder")
        }
        var upload = unfinished[key] ?? Unfinished(bytes: MemoryBuffer(), isOpen: false)
        guard !upload.isOpen else {
            throw StorageError(.conflict, at: key, reason: "an upload is open here already")
        }
        upload.isOpen = true
        unfinished[key] = upload
        return upload.bytes
    }

    /// The bytes of an upload that has not ended.
    func unfinished(at key: StorageKey) -> MemoryBuffer? {
        unfinished[key]?.bytes
    }

    /// The names directly below a key that lead to uploads, each once.
    func unfinished(below key: StorageKey) -> Set<ListEntry> {
        let depth = key.components.count
        let below = unfinished.keys.filter { key.isAtOrAbove($0) && $0 != key }
        return Set(
            below.map { upload in
                let rest = upload.components.dropFirst(depth)
                return ListEntry(name: String(rest.first ?? ""), isFolder: rest.count > 1)
            })
    }

    /// Takes room for bytes that are about to be written and end at `end`.
    mutating func growUpload(
        _ bytes: MemoryBuffer, at key: StorageKey, to end: Int64
    ) throws(StorageError) {
        try checkUpload(bytes, at: key)
        let growth = max(0, end - bytes.size)
        try checkRoom(for: growth, at: key)
        unfinished[key]?.byteCount += growth
        byteCount += growth
    }

    mutating func commitUpload(
        _ bytes: MemoryBuffer, at key: StorageKey, as object: MemoryObject,
        to destination: StorageKey
    ) throws(StorageError) {
        try checkUpload(bytes, at: key)
        // Its bytes change their place; they need no room twice.
        byteCount -= object.size
        do throws(StorageError) {
            try put(object, at: destination)
        } catch {
            byteCount += object.size
            throw error
        }
        unfinished[key] = nil
    }

    mutating func suspendUpload(_ bytes: MemoryBuffer, at key: StorageKey) {
        if unfinished[key]?.bytes === bytes { unfinished[key]?.isOpen = false }
    }

    mutating func abandonUpload(_ bytes: MemoryBuffer, at key: StorageKey) {
        if unfinished[key]?.bytes === bytes { endUpload(at: key) }
    }

    private mutating func endUpload(at key: StorageKey) {
        byteCount -= unfinished.removeValue(forKey: key)?.byteCount ?? 0
    }

    /// An upload whose place was deleted has nothing to end any more.
    private func checkUpload(_ bytes: MemoryBuffer, at key: StorageKey) throws(StorageError) {
        guard unfinished[key]?.bytes === bytes else {
            throw StorageError(.failed, at: key, reason: "the upload was removed")
        }
    }
}

extension StorageKey {
    fileprivate var components: ArraySlice<Substring> { path.split(separator: "/")[...] }
}

/// Names, each of an object or a further folder. A folder that has lost its last name is gone.
struct MemoryFolder {
    /// What stands at a name.
    enum Node {
        case object(MemoryObject)
        indirect case folder(MemoryFolder)
    }

    /// Why a node cannot stand at a path.
    struct Conflict: Error {
        let reason: String
    }

    private(set) var nodes: [String: Node] = [:]

    /// What stands at a path; nil when nothing does.
    func node(at path: ArraySlice<Substring>) -> Node? {
        guard let name = path.first else { return .folder(self) }
        guard let node = nodes[String(name)] else { return nil }
        let rest = path.dropFirst()
        if rest.isEmpty { return node }
        guard case .folder(let folder) = node else { return nil }
        return folder.node(at: rest)
    }

    /// Puts a node at a path, in the place of what is there.
    mutating func set(_ node: Node, at path: ArraySlice<Substring>) throws(Conflict) {
        guard let first = path.first else { throw Conflict(reason: "the root is a folder") }
        let name = String(first)
        let rest = path.dropFirst()
        if rest.isEmpty {
            nodes[name] = node
            return
        }
        var folder = MemoryFolder()
        switch nodes[name] {
        case .object: throw Conflict(reason: "an object stands where a folder is due")
        case .folder(let present): folder = present
        case nil: break
        }
        try folder.set(node, at: rest)
        nodes[name] = .folder(folder)
    }

    /// Takes away what stands at a path, and the folders that are empty then.
    mutating func remove(at path: ArraySlice<Substring>) -> Node? {
        guard let first = path.first else { return removeAll() }
        let name = String(first)
        let rest = path.dropFirst()
        if rest.isEmpty { return nodes.removeValue(forKey: name) }
        guard case .folder(var folder) = nodes[name] else { return nil }
        let removed = folder.remove(at: rest)
        nodes[name] = folder.nodes.isEmpty ? nil : .folder(folder)
        return removed
    }

    private mutating func removeAll() -> Node? {
        guard !nodes.isEmpty else { return nil }
        defer { nodes = [:] }
        return .folder(self)
    }
}

extension MemoryFolder.Node {
    var isFolder: Bool {
        if case .folder = self { true } else { false }
    }

    /// The bytes of all objects in it.
    var byteCount: Int64 {
        switch self {
        case .object(let object): object.size
        case .folder(let folder): folder.nodes.values.reduce(0) { $0 + $1.byteCount }
        }
    }
}

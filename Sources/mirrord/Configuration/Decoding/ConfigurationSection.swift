/// A mapping of the file whose keys have names.
struct ConfigurationSection {
    /// The names of the keys that lead here, joined by dots; empty for the whole file.
    let path: String
    let position: YAMLPosition
    private let entries: [String: YAMLEntry]

    /// `nil` when the node is not a mapping.
    init?(_ node: YAMLNode, path: String) {
        guard case .mapping(let entries) = node.content else { return nil }
        self.path = path
        position = node.position
        let named = entries.compactMap { entry in entry.key.scalar.map { ($0.text, entry) } }
        self.entries = Dictionary(named, uniquingKeysWith: { first, _ in first })
    }

    /// What stands behind a key; `nil` when the key or the value is missing.
    subscript(name: String) -> YAMLNode? {
        guard let node = entries[name]?.value, !node.isNull else { return nil }
        return node
    }

    /// Where a key stands, even if nothing stands behind it.
    func position(of name: String) -> YAMLPosition? { entries[name]?.key.position }

    func path(of name: String) -> String { path.isEmpty ? name : path + "." + name }

    /// The section behind a key; `nil` when there is none.
    func section(_ name: String) -> ConfigurationSection? {
        self[name].flatMap { ConfigurationSection($0, path: path(of: name)) }
    }
}

extension YAMLNode {
    /// Whether nothing stands here, or a word for nothing.
    var isNull: Bool { scalar?.value == .null }

    /// What stands here, in words for an error. Texts are not repeated: they may be secret.
    var kind: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.value {
            case .null: "nothing"
            case .int, .float: "this number"
            case .bool, .string: scalar.isPlain ? "this text" : "a text in quotes"
            }
        }
    }
}

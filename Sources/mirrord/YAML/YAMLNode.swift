/// A place in a YAML text; both numbers count from 1, columns in characters.
struct YAMLPosition: Hashable, Sendable {
    var line: Int
    var column: Int
    /// What holds the text where it is not the file that all is about: an environment variable.
    var origin: String?
}

/// A value in a YAML document, with the place where it stands.
///
/// Aliases are replaced by what they stand for and merge keys by what they merge, so a reader
/// sees neither. What came from elsewhere keeps the position of where it was written.
struct YAMLNode: Sendable {
    let position: YAMLPosition
    var content: Content

    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }
}

/// A key of a mapping and its value. Entries keep the order of the text.
struct YAMLEntry: Sendable {
    let key: YAMLNode
    let value: YAMLNode
}

extension YAMLNode {
    /// Nothing where a value could have been: it means null.
    static func empty(at position: YAMLPosition) -> YAMLNode {
        YAMLNode(position: position, content: .scalar(YAMLScalar(text: "", isPlain: true)))
    }

    var scalar: YAMLScalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }

    /// The entries of a mapping.
    var entries: [YAMLEntry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// A single text as a mapping that has it for its only key, with nothing behind it.
    var unfolded: YAMLNode {
        guard scalar != nil else { return self }
        let entry = YAMLEntry(key: self, value: .empty(at: position))
        return YAMLNode(position: position, content: .mapping([entry]))
    }

    /// The entries of a list, or the parts of a single text between its commas, at its place.
    var names: [YAMLNode] {
        switch content {
        case .sequence(let items): items
        case .mapping: []
        case .scalar(let scalar):
            scalar.text.split { $0 == "," || $0.isWhitespace }.map { name in
                YAMLNode(
                    position: position,
                    content: .scalar(YAMLScalar(text: String(name), isPlain: true)))
            }
        }
    }

    /// The same names as a list.
    var listed: YAMLNode {
        scalar == nil ? self : YAMLNode(position: position, content: .sequence(names))
    }

    /// Whether this is the key `<<`, which stands for the entries of other mappings.
    var isMergeKey: Bool {
        guard let scalar, scalar.isPlain, scalar.tag == nil else { return false }
        return scalar.text == "<<"
    }
}

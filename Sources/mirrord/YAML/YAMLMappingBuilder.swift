/// Collects the entries of a mapping: refuses a key that is there already, and merges what `<<`
/// names once all other entries are known.
struct YAMLMappingBuilder {
    private var entries: [YAMLEntry] = []
    private var places: [String: YAMLPosition] = [:]
    private var merged: [YAMLNode]?

    mutating func add(_ key: YAMLNode, _ value: YAMLNode) throws(YAMLError) {
        if key.isMergeKey { return try merge(value, at: key.position) }
        if let text = key.scalar?.text {
            if let first = places.updateValue(key.position, forKey: text) {
                throw YAMLError(
                    position: key.position,
                    message: "the key \"\(text)\" stands already on line \(first.line): "
                        + "remove one of the two")
            }
        }
        entries.append(YAMLEntry(key: key, value: value))
    }

    /// The entries, own ones first; of merged ones the first with a name counts.
    consuming func finish() -> [YAMLEntry] {
        for mapping in merged ?? [] {
            guard case .mapping(let added) = mapping.content else { continue }
            for entry in added {
                if let text = entry.key.scalar?.text {
                    guard places.updateValue(entry.key.position, forKey: text) == nil else {
                        continue
                    }
                }
                entries.append(entry)
            }
        }
        return entries
    }

    private mutating func merge(_ value: YAMLNode, at position: YAMLPosition) throws(YAMLError) {
        guard merged == nil else {
            throw YAMLError(
                position: position,
                message: "<< stands twice: name all mappings in one list, <<: [*a, *b]")
        }
        let mappings: [YAMLNode] =
            if case .sequence(let list) = value.content { list } else { [value] }
        for mapping in mappings {
            guard case .mapping = mapping.content else {
                throw YAMLError(
                    position: mapping.position,
                    message: "<< merges mappings only: name one with *name, "
                        + "or several as [*a, *b]")
            }
        }
        merged = mappings
    }
}

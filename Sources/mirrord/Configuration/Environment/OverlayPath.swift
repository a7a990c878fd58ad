/// The way of a variable's value into the nodes of a file, by the parts of the variable's name.
struct OverlayPath {
    let parts: [Substring]
    let value: YAMLNode

    /// Why the value has no place.
    enum Fault: Error, Hashable {
        /// There is no key for this part of the name, only these.
        case unknown(part: Int, known: [String])
        /// A list has just that many entries, and the one meant is not the next.
        case beyondTheEnd(count: Int)
    }

    /// The root with the value in it.
    func set(in root: YAMLNode) throws(Fault) -> YAMLNode {
        try set(in: root, .section(ConfigurationSchema.root), Place())
    }

    /// How far the way has been gone.
    private struct Place {
        var part = 0
        /// The names of the keys that lead here, joined by dots.
        var path = ""

        func below(_ name: String) -> Place {
            Place(part: part + 1, path: path.isEmpty ? name : path + "." + name)
        }

        /// In an entry of a list: it has no name.
        var inside: Place { Place(part: part + 1, path: path) }
    }

    private func set(
        in node: YAMLNode?, _ shape: ConfigurationShape, _ place: Place
    ) throws(Fault) -> YAMLNode {
        guard place.part < parts.count else { return value }
        let node = node?.isNull == true ? nil : node
        switch shape {
        case .value: throw .unknown(part: place.part, known: [])
        case .section(let keys): return try set(in: node, keys, place)
        case .sectionOrName(let keys): return try set(in: node?.unfolded, keys, place)
        case .list(let shape): return try set(in: node, listOf: shape, place)
        case .names: return try set(in: node?.listed, listOf: .value, place)
        case .map(let shape): return try set(in: node, mapTo: shape, place)
        case .anything:
            if case .sequence = node?.content {
                return try set(in: node, listOf: .anything, place)
            }
            return try set(in: node, mapTo: .anything, place)
        }
    }

    private func set(
        in node: YAMLNode?, _ keys: [ConfigurationKey], _ place: Place
    ) throws(Fault) -> YAMLNode {
        let part = parts[place.part].uppercased()
        let key = keys.first { key in
            let path = place.below(key.name).path
            return key.name.uppercased() == part
                || ConfigurationSchema.namesInVariables[path]?.uppercased() == part
        }
        guard let key else { throw .unknown(part: place.part, known: keys.map(\.name)) }
        return try set(in: node, key.name, key.shape, place)
    }

    /// Any name will do. That of an entry counts whatever its case is, a new one is in lower case.
    private func set(
        in node: YAMLNode?, mapTo shape: ConfigurationShape, _ place: Place
    ) throws(Fault) -> YAMLNode {
        let part = parts[place.part].lowercased()
        let name = node?.entries?.lazy.compactMap(\.key.scalar?.text)
            .first { $0.lowercased() == part }
        return try set(in: node, name ?? part, shape, place)
    }

    private func set(
        in node: YAMLNode?, _ name: String, _ shape: ConfigurationShape, _ place: Place
    ) throws(Fault) -> YAMLNode {
        // What is no mapping and should be one is told as a fault of the file.
        guard var entries = node.map(\.entries) ?? [] else { return node ?? value }
        let index = entries.firstIndex { $0.key.scalar?.text == name }
        let place = place.below(name)
        let old = index.map { entries[$0] }
        let isGoal = place.part == parts.count
        let key = old.flatMap { isGoal ? nil : $0.key } ?? value.key(name)
        let entry = YAMLEntry(key: key, value: try set(in: old?.value, shape, place))
        if let index { entries[index] = entry } else { entries.append(entry) }
        return YAMLNode(position: node?.position ?? value.position, content: .mapping(entries))
    }

    private func set(
        in node: YAMLNode?, listOf shape: ConfigurationShape, _ place: Place
    ) throws(Fault) -> YAMLNode {
        var items: [YAMLNode] = []
        if let node {
            guard case .sequence(let present) = node.content else { return node }
            items = present
        }
        guard let index = Int(parts[place.part]), index >= 0 else {
            throw .unknown(part: place.part, known: [])
        }
        guard index <= items.count else { throw .beyondTheEnd(count: items.count) }
        let item = try set(in: index < items.count ? items[index] : nil, shape, place.inside)
        items.replaceSubrange(index..<min(index + 1, items.count), with: [item])
        return YAMLNode(position: node?.position ?? value.position, content: .sequence(items))
    }
}

extension YAMLNode {
    /// A key of that name, at the same place.
    fileprivate func key(_ name: String) -> YAMLNode {
        YAMLNode(position: position, content: .scalar(YAMLScalar(text: name, isPlain: true)))
    }
}

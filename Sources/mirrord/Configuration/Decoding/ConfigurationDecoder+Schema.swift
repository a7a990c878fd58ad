/// Holds a file against the table of keys: what is unknown, and what is known but not supported.
extension ConfigurationDecoder {
    /// - Parameter isSupported: false within a section that has been warned of already.
    mutating func check(
        _ node: YAMLNode, is shape: ConfigurationShape, path: String, isSupported: Bool
    ) {
        guard !node.isNull else { return }
        switch (shape, node.content) {
        case (.anything, _), (.value, .scalar), (.names, .scalar): break
        case (.section(let keys), .mapping(let entries)),
            (.sectionOrName(let keys), .mapping(let entries)):
            for entry in entries {
                check(entry, against: keys, path: path, isSupported: isSupported)
            }
        case (.sectionOrName(let keys), .scalar):
            check(
                YAMLEntry(key: node, value: .empty(at: node.position)),
                against: keys, path: path, isSupported: isSupported)
        case (.map(let shape), .mapping(let entries)):
            for entry in entries {
                guard let name = name(of: entry) else { continue }
                check(entry.value, is: shape, path: path + "." + name, isSupported: isSupported)
            }
        case (.list(let shape), .sequence(let items)):
            for item in items { check(item, is: shape, path: path, isSupported: isSupported) }
        case (.names, .sequence):
            check(node, is: .list(.value), path: path, isSupported: isSupported)
        case (.value, _): mismatch(node, path, "a single value")
        case (.names, _): mismatch(node, path, "a list, or a text with commas")
        case (.list, _): mismatch(node, path, "a list, each entry on a line with - before it")
        case (.section, _), (.sectionOrName, _), (.map, _):
            mismatch(node, path, "a mapping, key: value")
        }
    }

    private mutating func check(
        _ entry: YAMLEntry, against keys: [ConfigurationKey], path: String, isSupported: Bool
    ) {
        guard let name = name(of: entry) else { return }
        guard let key = keys.first(where: { $0.name == name }) else {
            return error(unknown(name, keys, path), at: entry.key.position)
        }
        let keyPath = path.isEmpty ? name : path + "." + name
        var isSupported = isSupported
        switch key.status {
        case .honoured, .needless: break
        case .later(let instead):
            if isSupported, !entry.value.isSwitchedOff {
                warn("\(keyPath) is not supported yet: \(instead)", at: entry.key.position)
            }
            isSupported = false
        case .refused(let advice):
            error("\(keyPath) is not available: \(advice)", at: entry.key.position)
        }
        check(entry.value, is: key.shape, path: keyPath, isSupported: isSupported)
    }

    private mutating func name(of entry: YAMLEntry) -> String? {
        if let name = entry.key.scalar?.text { return name }
        error("a key must be a text, this is \(entry.key.kind)", at: entry.key.position)
        return nil
    }

    private mutating func mismatch(_ node: YAMLNode, _ path: String, _ expected: String) {
        let subject = path.isEmpty ? "the file" : path
        error("\(subject) must be \(expected), not \(node.kind)", at: node.position)
    }

    private func unknown(_ name: String, _ keys: [ConfigurationKey], _ path: String) -> String {
        let place = path.isEmpty ? "" : " in \(path)"
        let names = keys.map(\.name)
        let complaint = "there is no key \"\(name)\"\(place)"
        if let nearest = NearestKey.nearest(to: name, among: names) {
            return "\(complaint): did you mean \(nearest)?"
        }
        if let home = Self.path(of: name, in: ConfigurationSchema.root, under: "") {
            return "\(complaint): it belongs under \(home)"
        }
        return names.isEmpty
            ? "\(complaint): it takes none"
            : "\(complaint): there are \(names.joined(separator: ", "))"
    }

    /// Where else a key of that name belongs, if it is one that does something.
    private static func path(
        of name: String, in keys: [ConfigurationKey], under path: String
    ) -> String? {
        for key in keys {
            guard case .honoured = key.status else { continue }
            let inner: [ConfigurationKey] =
                switch key.shape {
                case .section(let keys), .sectionOrName(let keys): keys
                default: []
                }
            let keyPath = path.isEmpty ? key.name : path + "." + key.name
            if inner.contains(where: { $0.name == name }) { return keyPath }
            if let found = Self.path(of: name, in: inner, under: keyPath) { return found }
        }
        return nil
    }
}

extension YAMLNode {
    /// Whether what stands here asks for nothing: it says `enabled: false`, `disabled: true` or
    /// just `false`, or it holds nothing but lists of such.
    fileprivate var isSwitchedOff: Bool {
        switch content {
        case .scalar(let scalar): scalar.value == .bool(false)
        case .sequence(let items): items.allSatisfy(\.isSwitchedOff)
        case .mapping(let entries):
            entries.contains(where: \.isSwitch)
                || entries.allSatisfy { entry in
                    guard case .sequence = entry.value.content else { return false }
                    return entry.value.isSwitchedOff
                }
        }
    }
}

extension YAMLEntry {
    /// Whether this switches off the section that it stands in.
    fileprivate var isSwitch: Bool {
        switch (key.scalar?.text, value.scalar?.value) {
        case ("enabled", .bool(false)), ("disabled", .bool(true)): true
        default: false
        }
    }
}

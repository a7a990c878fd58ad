/// What is in effect, as a file that could be used instead: the keys that are honoured, with what
/// the file and the variables say of them, and else with their defaults.
///
/// Secrets are masked. A comment says where a value comes from that does not stand in the file.
struct EffectiveConfiguration {
    let text: String

    /// - Parameter root: what the file and the variables say, found to be free of faults.
    init(_ root: YAMLNode) {
        let lines = Self.section(ConfigurationSchema.root, root, Place())
        text = lines.map { $0 + "\n" }.joined()
    }

    /// Where a key stands.
    private struct Place {
        /// The names of the keys that lead here, joined by dots.
        var path = ""

        func below(_ name: String) -> Place { Place(path: path.isEmpty ? name : "\(path).\(name)") }

        /// Further registries have the defaults of the main one.
        var defaultValue: String? {
            ConfigurationSchema.defaults[path.replacing("proxy.upstreams.", with: "proxy.")]
        }

        var secrecy: ConfigurationSchema.Secrecy {
            ConfigurationSchema.secrecy(of: path.split(separator: ".").last ?? "")
        }
    }

    /// The lines of a section, without indentation.
    private static func section(
        _ keys: [ConfigurationKey], _ node: YAMLNode?, _ place: Place
    ) -> [String] {
        keys.flatMap { key -> [String] in
            guard case .honoured = key.status else { return [] }
            let value = node?.entry(key.name)?.value
            // Of storage drivers there is one.
            let isAlternative = ConfigurationSchema.storageDrivers.contains(key.name)
            if value == nil, isAlternative { return [] }
            return lines(key, value, place.below(key.name))
        }
    }

    private static func lines(
        _ key: ConfigurationKey, _ value: YAMLNode?, _ place: Place
    ) -> [String] {
        let given = value?.isNull == false ? value : nil
        switch key.shape {
        case .value:
            if let given { return [line(key.name, given, place)] }
            return place.defaultValue.map { ["\(key.name): \($0)  # default"] } ?? []
        case .section(let keys):
            return block(key.name, section(keys, given, place), isPresent: value != nil)
        case .sectionOrName(let keys):
            return block(key.name, section(keys, given?.unfolded, place), isPresent: false)
        case .list(let shape):
            guard let given else { return [] }
            guard case .section(let keys) = shape, case .sequence(let items) = given.content else {
                return [line(key.name, given, place)]
            }
            return block(key.name, items.flatMap { item(section(keys, $0, place)) })
        case .names:
            return given.map { [line(key.name, $0, place)] } ?? []
        case .map, .anything:
            guard let given else { return [] }
            guard case .mapping(let entries) = given.content else {
                return [line(key.name, given, place)]
            }
            return block(
                key.name,
                entries.map { entry in
                    line(
                        YAMLText.line(entry.key), entry.value,
                        place.below(entry.key.scalar?.text ?? ""))
                })
        }
    }

    private static func line(_ name: String, _ value: YAMLNode, _ place: Place) -> String {
        let text =
            switch place.secrecy {
            case .none: YAMLText.line(value)
            case .user: YAMLText.text(withoutUser(value.scalar?.text ?? ""))
            case .whole: YAMLText.text(mask)
            }
        return "\(name): \(text)" + (value.origin.map { "  # \($0)" } ?? "")
    }

    private static let mask = "********"

    private static func withoutUser(_ url: String) -> String {
        guard let end = url.utf8.lastIndex(of: UInt8(ascii: "@")) else { return url }
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        return start < end ? url[..<start] + mask + url[end...] : mask
    }

    /// A name and the lines below it; nothing when there are none, unless the name alone matters.
    private static func block(
        _ name: String, _ lines: [String], isPresent: Bool = false
    ) -> [String] {
        guard !lines.isEmpty else { return isPresent ? ["\(name): {}"] : [] }
        return ["\(name):"] + lines.map { "  " + $0 }
    }

    /// An entry of a list.
    private static func item(_ lines: [String]) -> [String] {
        guard let first = lines.first else { return ["- {}"] }
        return ["- " + first] + lines.dropFirst().map { "  " + $0 }
    }
}

extension YAMLNode {
    /// Where it comes from, or the first of its parts that does not come from the file.
    fileprivate var origin: String? {
        if let origin = position.origin { return origin }
        return switch content {
        case .scalar: nil
        case .sequence(let items): items.lazy.compactMap(\.origin).first
        case .mapping(let entries): entries.lazy.compactMap(\.value.origin).first
        }
    }

    fileprivate func entry(_ name: String) -> YAMLEntry? {
        entries?.first { $0.key.scalar?.text == name }
    }
}

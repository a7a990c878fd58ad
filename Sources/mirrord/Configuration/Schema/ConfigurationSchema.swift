/// A key that may stand in a configuration file, and what becomes of it.
///
/// The table of keys is data: a feature that arrives turns its entry from
/// ``Status/later(_:)`` to ``Status/honoured`` and reads the value.
struct ConfigurationKey: Sendable {
    let name: String
    let shape: ConfigurationShape
    var status = Status.honoured

    enum Status: Sendable {
        case honoured
        /// Known from the reference registry, and of no consequence for a mirror, there as here;
        /// the text says why. It is checked, and nothing is said of it.
        case needless(String)
        /// Known from the reference registry and not supported yet; the text says what happens
        /// instead, and goes into a warning, unless it is switched off where it stands.
        case later(String)
        /// Known, but the mirror cannot run with it; the text says what to do, and goes into an
        /// error.
        case refused(String)
    }

    /// The same key, of no consequence.
    func needless(_ reason: String) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: shape, status: .needless(reason))
    }

    /// The same key, not supported yet.
    func later(_ instead: String) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: shape, status: .later(instead))
    }

    /// The same key, refused.
    func refused(_ advice: String) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: shape, status: .refused(advice))
    }
}

/// What may stand behind a key. Nothing at all may stand there always.
indirect enum ConfigurationShape: Sendable {
    /// A single text, number or truth.
    case value
    /// A mapping with these keys.
    case section([ConfigurationKey])
    /// A mapping with these keys, or the name of one of them.
    case sectionOrName([ConfigurationKey])
    /// A list of such.
    case list(ConfigurationShape)
    /// A list of single texts, or one text with commas between them.
    case names
    /// A mapping from names of any kind to such.
    case map(ConfigurationShape)
    /// Whatever the author of an extension thought of.
    case anything
}

/// Words that make the table easy to read.
extension ConfigurationKey {
    static func value(_ name: String) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: .value)
    }

    /// Several keys with single values.
    static func values(_ names: String) -> [ConfigurationKey] {
        names.split(separator: " ").map { value(String($0)) }
    }

    static func section(_ name: String, _ keys: [ConfigurationKey]) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: .section(keys))
    }

    /// A section whose keys have single values.
    static func section(_ name: String, _ names: String) -> ConfigurationKey {
        section(name, values(names))
    }

    static func list(_ name: String, of shape: ConfigurationShape = .value) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: .list(shape))
    }

    static func names(_ name: String) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: .names)
    }

    static func map(_ name: String, to shape: ConfigurationShape = .value) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: .map(shape))
    }

    static func anything(_ name: String) -> ConfigurationKey {
        ConfigurationKey(name: name, shape: .anything)
    }
}

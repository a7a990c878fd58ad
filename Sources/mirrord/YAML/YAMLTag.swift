/// The type that a tag gives to a value. Only the types of the core schema exist here.
enum YAMLTag: String, Sendable {
    case null, bool, int, float
    case string = "str"
    case sequence = "seq"
    case mapping = "map"

    /// The prefix that `!!` stands for.
    static let corePrefix = "tag:yaml.org,2002:"

    /// The type with that full tag name.
    init?(uri: String) {
        guard uri.hasPrefix(Self.corePrefix) else { return nil }
        self.init(rawValue: String(uri.dropFirst(Self.corePrefix.count)))
    }
}

/// An environment variable that sets a key of the configuration, as the reference registry has
/// it: `REGISTRY_HTTP_ADDR` sets `http.addr`.
struct ConfigurationVariable: Hashable, Sendable {
    let name: String
    let value: String

    static let prefix = "REGISTRY_"
    /// Names the configuration file, and no key.
    static let file = "REGISTRY_CONFIGURATION_PATH"

    /// `nil` for a variable that means something else.
    init?(_ name: String, _ value: String) {
        guard name.hasPrefix(Self.prefix), name != Self.file else { return nil }
        self.name = name
        self.value = value
    }

    /// The parts of the name, which lead from section to section.
    var path: [Substring] {
        name.dropFirst(Self.prefix.count)
            .split(separator: "_", omittingEmptySubsequences: false)
    }

    /// Where it says what it says.
    var position: YAMLPosition { YAMLPosition(line: 1, column: 1, origin: name) }

    /// The value as YAML, every position of which names the variable.
    func node() throws(YAMLError) -> YAMLNode {
        let documents = try YAMLReader.documents(in: Array(value.utf8), origin: name)
        if let node = documents.first { return node }
        // Else a secret that begins so would count as none.
        guard !value.utf8.contains(UInt8(ascii: "#")) else {
            throw YAMLError(
                position: position,
                message: "all of the value is a comment: put it in quotes, '#…'")
        }
        return .empty(at: position)
    }

    /// The variables of this kind among all, sections before what lies in them, the entries of
    /// lists by number: the order in which they are applied.
    static func all(in environment: [String: String]) -> [ConfigurationVariable] {
        environment.compactMap { ConfigurationVariable($0.key, $0.value) }
            .sorted { precedes($0.path, $1.path) }
    }

    private static func precedes(_ left: [Substring], _ right: [Substring]) -> Bool {
        guard let difference = zip(left, right).first(where: { $0 != $1 }) else {
            return left.count < right.count
        }
        if let left = Int(difference.0), let right = Int(difference.1), left != right {
            return left < right
        }
        return difference.0 < difference.1
    }

    /// Whether Kubernetes sets such a variable in every pod beside a service whose name begins
    /// with `registry`: `REGISTRY_SERVICE_HOST`, `REGISTRY_PORT_5000_TCP_ADDR`.
    ///
    /// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    var isOfKubernetes: Bool {
        let rest = Array(path.drop { $0 != "SERVICE" && $0 != "PORT" })
        if rest == ["SERVICE", "HOST"] || rest == ["PORT"] { return true }
        if rest.starts(with: ["SERVICE", "PORT"]) { return true }
        return rest.first == "PORT" && (3...4).contains(rest.count) && UInt16(rest[1]) != nil
    }
}

/// Turns the nodes of a file into a configuration, and collects all that is wrong on the way.
struct ConfigurationDecoder {
    private var foundErrors: [ConfigurationProblem] = []
    private var foundWarnings: [ConfigurationProblem] = []

    /// In the order of the file.
    var errors: [ConfigurationProblem] { foundErrors.inOrder }
    var warnings: [ConfigurationProblem] { foundWarnings.inOrder }

    mutating func error(_ message: String, at position: YAMLPosition) {
        foundErrors.append(ConfigurationProblem(position: position, message: message))
    }

    mutating func warn(_ message: String, at position: YAMLPosition) {
        foundWarnings.append(ConfigurationProblem(position: position, message: message))
    }

    /// Whether something is known to be wrong with the value that stands there.
    func hasError(at position: YAMLPosition) -> Bool {
        foundErrors.contains { $0.position == position }
    }

    /// The configuration that the first document holds; `nil` when it cannot be made.
    mutating func decode(_ documents: [YAMLNode]) -> Configuration? {
        let start = YAMLPosition(line: 1, column: 1)
        guard let document = documents.first, !document.isNull else {
            error(
                "there is no configuration in this file: begin with version: 0.1",
                at: documents.first?.position ?? start)
            return nil
        }
        if documents.count > 1, !documents[1].isNull {
            warn(
                "a second document begins here and is not read: remove the --- before it",
                at: documents[1].position)
        }
        check(document, is: .section(ConfigurationSchema.root), path: "", isSupported: true)
        guard let root = ConfigurationSection(document, path: "") else { return nil }
        checkVersion(root)
        let log = log(root)
        let storage = storage(root)
        let auth = auth(root)
        let http = http(root)
        let health = health(root)
        let lists = lists(root)
        let proxy = proxy(root)
        let upstreams = upstreams(root, beside: proxy)
        checkAuth(auth, beside: [proxy].compactMap(\.self) + upstreams, root)
        guard let proxy, let storage else { return nil }
        return Configuration(
            log: log, storage: storage, auth: auth, http: http, health: health, lists: lists,
            proxy: proxy,
            upstreams: upstreams)
    }

    private mutating func checkVersion(_ root: ConfigurationSection) {
        guard let node = root["version"] else {
            return error("version is missing: write version: 0.1", at: root.position)
        }
        guard node.scalar?.text != "0.1" else { return }
        error("version must be 0.1, the only one there is", at: node.position)
    }
}

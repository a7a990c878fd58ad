import Testing

@testable import mirrord

/// The page for operators and the table that the program reads files by say the same.
@Suite struct ConfigurationPageTests {
    private let page: String

    init() throws { page = try Documentation.text("Docs/Configuration.md") }

    @Test func everyKeyIsDescribed() {
        let rows = Documentation.rows(in: page)
        for (path, key) in Self.keys(ConfigurationSchema.root, below: "") {
            guard let row = rows[path] else {
                Issue.record("no word of \(path)")
                continue
            }
            switch key.status {
            case .honoured: #expect(row.count == 5, "type, default, example of \(path)?")
            case .needless(let text), .later(let text), .refused(let text):
                #expect(row.contains(text), "another word of \(path)")
                for name in Self.names(below: key.shape) {
                    #expect(row.last?.contains("`\(name)`") == true, "no word of \(path).\(name)")
                }
            }
        }
    }

    @Test func everyKeyDescribedExists() {
        let known = Set(Self.keys(ConfigurationSchema.root, below: "").map(\.path))
        for key in Documentation.rows(in: page).keys {
            #expect(known.contains(key), "there is no \(key)")
        }
    }

    @Test func defaultsAreThoseThatAreUsed() {
        let rows = Documentation.rows(in: page)
        for (path, text) in ConfigurationSchema.defaults {
            #expect(rows[path]?.dropFirst(2).first == "`\(text)`", "another default of \(path)")
        }
    }

    /// An example stands for itself, or needs those of the keys beside it.
    @Test func everyExampleIsAccepted() throws {
        let examples = Documentation.rows(in: page).compactMapValues { row -> String? in
            guard row.count == 5, row[3].hasPrefix("`") else { return nil }
            return String(row[3].dropFirst().dropLast())
        }
        #expect(examples.count > 30)
        for (path, example) in examples {
            let parent = path.split(separator: ".").dropLast()
            let neighbours = examples.filter { $0.key.split(separator: ".").dropLast() == parent }
            // Some exclude each other.
            let others = neighbours.keys.filter { $0 != path }
            let choices = others.map { other in neighbours.filter { $0.key != other } }
            let errors = ([[path: example], neighbours] + choices).map { faults(of: $0) }
            #expect(errors.contains(""), "the example of \(path): \(errors)")
        }
    }

    /// What is wrong with a small file once these values stand in it.
    private func faults(of values: [String: String]) -> String {
        let text = "version: 0.1\nstorage: {inmemory: }\nproxy: {remoteurl: 'https://a.test'}"
        var environment: [String: String] = [:]
        for (path, value) in values {
            let name = path.split(separator: ".").joined(separator: "_").uppercased()
            environment["REGISTRY_\(name)"] = value
            if path.contains("filesystem") { environment["REGISTRY_STORAGE"] = "filesystem" }
        }
        do {
            _ = try LoadedConfiguration.parse(Array(text.utf8), file: "", environment: environment)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func theBuiltInDefaultIsShownAsItIs() {
        let text = EmbeddedDefault.text(environment: [:], isWritableDirectory: { _ in true })
        #expect(page.contains("```yaml\n\(text)\n```"))
    }

    // MARK: Keys of the schema

    /// What stands in a file by itself: keys with values, and those that are not honoured, without
    /// what lies below those.
    private static func keys(
        _ keys: [ConfigurationKey], below path: String
    ) -> [(path: String, key: ConfigurationKey)] {
        keys.flatMap { key -> [(path: String, key: ConfigurationKey)] in
            let path = path.isEmpty ? key.name : "\(path).\(key.name)"
            guard case .honoured = key.status else { return [(path, key)] }
            switch key.shape {
            case .section(let inner) where !inner.isEmpty: return self.keys(inner, below: path)
            case .sectionOrName(let inner): return self.keys(inner, below: path)
            default: return [(path, key)]
            }
        }
    }

    /// The names of all values below a key.
    private static func names(below shape: ConfigurationShape) -> [String] {
        switch shape {
        case .value, .map, .anything, .names: []
        case .list(let shape): names(below: shape)
        case .section(let keys), .sectionOrName(let keys):
            keys.flatMap { key in
                let inner = names(below: key.shape)
                return inner.isEmpty ? [key.name] : inner.map { "\(key.name).\($0)" }
            }
        }
    }
}

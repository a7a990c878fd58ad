import Testing

@testable import mirrord

/// The page for operators and the table that the program reads files by say the same.
@Suite struct ConfigurationPageTests {
    @Test func everyKeyIsDescribed() throws {
        let page = try Documentation.text("Docs/Configuration.md")
        let described = Set(Documentation.keys(in: page))
        for (path, key) in keys(ConfigurationSchema.root, below: "") {
            #expect(described.contains(path), "no word of \(path)")
            if case .later(let instead) = key.status {
                #expect(page.contains("| `\(path)` | \(instead) |"), "another word of \(path)")
            }
        }
    }

    @Test func everyKeyDescribedExists() throws {
        let page = try Documentation.text("Docs/Configuration.md")
        let known = Set(keys(ConfigurationSchema.root, below: "").map(\.path))
        for key in Documentation.keys(in: page) {
            #expect(known.contains(key), "there is no \(key)")
        }
    }

    /// What stands in a file by itself: keys with values, and those that are not supported yet,
    /// without what lies below those.
    private func keys(
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
}

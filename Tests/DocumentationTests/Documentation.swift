import FoundationEssentials

/// The pages of this package and what stands in them.
enum Documentation {
    /// The package's folder.
    static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// A text file of the package.
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// The paths of the files below a folder whose names end so.
    static func files(below folder: String, ending: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
            .filter { $0.hasSuffix(ending) }.map { "\(folder)/\($0)" }.sorted()
    }

    /// Every page for readers.
    static func pages() throws -> [String] {
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
            + (try files(below: "Docs", ending: ".md"))
    }

    /// The Swift code shown in a page, block by block.
    static func code(in page: String) -> [String] {
        var blocks: [String] = []
        var current: [Substring]?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```swift" {
                current = []
            } else if line == "```", let lines = current {
                blocks.append(lines.joined(separator: "\n"))
                current = nil
            } else {
                current?.append(line)
            }
        }
        return blocks
    }

    /// What stands between `// sample` and `// end of sample`, moved to the left margin.
    static func samples(in source: String) -> [String] {
        var samples: [String] = []
        var current: (margin: Int, lines: [Substring])?
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            switch line.drop(while: { $0 == " " }) {
            case "// sample": current = (line.prefix { $0 == " " }.count, [])
            case "// end of sample":
                samples += current.map { [$0.lines.joined(separator: "\n")] } ?? []
                current = nil
            default:
                guard let margin = current?.margin else { continue }
                current?.lines.append(line.dropFirst(margin))
            }
        }
        return samples
    }

    /// The cells of all rows of tables that begin with a key, by that key. A bar within a cell
    /// has a backslash before it.
    static func rows(in page: String) -> [String: [String]] {
        var rows: [String: [String]] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            guard let key = line.split(separator: "`").dropFirst().first else { continue }
            rows[String(key)] = line.replacing("\\|", with: "\0").split(separator: "|").map {
                String($0.replacing("\0", with: "|").drop { $0 == " " })
            }.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }
        }
        return rows
    }
}

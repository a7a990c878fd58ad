import FoundationEssentials

/// A Swift file of the package, line by line.
struct SourceFile {
    /// The path from the package's root, such as `Sources/MirrorCore/Model/Tag.swift`.
    let path: String
    /// The lines as they stand.
    let lines: [String]
    /// The lines without comments and without what string literals say.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var stripper = LiteralStripper()
        code = lines.map { stripper.strip($0) }
    }

    /// Whether the file is part of a product.
    var isSource: Bool { path.hasPrefix("Sources/") }

    /// The target that the file belongs to.
    var module: Substring { path.split(separator: "/").dropFirst().first ?? "" }
}

/// All Swift files below `Sources` and `Tests`.
struct SourceTree {
    let files: [SourceFile]

    /// The tree that this file is part of.
    static func ofThisPackage() throws -> SourceTree {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try SourceTree(root: "/\(root)")
    }

    init(files: [SourceFile]) {
        self.files = files
    }

    /// Reads the tree of the package at `root`.
    init(root: String) throws {
        var files: [SourceFile] = []
        for folder in ["Sources", "Tests"] {
            for name in try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
            where name.hasSuffix(".swift") {
                let path = "\(folder)/\(name)"
                let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
                files.append(SourceFile(path: path, text: text))
            }
        }
        self.files = files.sorted { $0.path < $1.path }
    }
}

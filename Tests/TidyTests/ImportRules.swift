extension TidyRule {
    static let imports: [TidyRule] = [
        TidyRule("a module imports only modules below it") { file in
            guard file.isSource, let allowed = modulesBelow[file.module] else { return [] }
            return file.imports.compactMap { index, name in
                guard ownModules.contains(name), !allowed.contains(name) else { return nil }
                return Finding(file, at: index, "\(file.module) lies below \(name)")
            }
        },
        TidyRule("libc and C libraries are met in MirrorSystem alone") { file in
            guard file.isSource, file.module != "MirrorSystem" else { return [] }
            return file.imports.compactMap { index, name in
                guard cModules.contains(name) else { return nil }
                if name == "COpenSSL", file.path.hasPrefix(pathOfTLS) { return nil }
                return Finding(file, at: index, "wrap what you need of \(name) in MirrorSystem")
            }
        },
        TidyRule("products link no Foundation but its essentials") { file in
            guard file.isSource else { return [] }
            return file.imports.compactMap { index, name in
                guard bannedModules.contains(name) else { return nil }
                return Finding(file, at: index, "\(name) makes the binary eight times as large")
            }
        },
    ]

    private static let modulesBelow: [Substring: Set<Substring>] = [
        "MirrorSystem": [],
        "MirrorCore": ["MirrorSystem"],
        "MirrorHTTP": ["MirrorCore", "MirrorSystem"],
        "MirrorTesting": ["MirrorHTTP", "MirrorCore", "MirrorSystem"],
        "mirrord": ["MirrorHTTP", "MirrorCore", "MirrorSystem"],
    ]
    private static let ownModules = Set(modulesBelow.keys)
    private static let cModules: Set<Substring> = [
        "Glibc", "CLinux", "CCrypt", "COpenSSL", "CZlib",
    ]
    private static let bannedModules: Set<Substring> = [
        "Foundation", "FoundationNetworking", "FoundationInternationalization", "Dispatch",
    ]
    /// The TLS transport hands libssl's own types back and forth.
    private static let pathOfTLS = "Sources/MirrorHTTP/Transport/TLS"
}

extension SourceFile {
    /// The modules that the file imports, each with its line's index.
    fileprivate var imports: [(index: Int, module: Substring)] {
        code.indices.compactMap { index in
            let words = code[index].split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place < words.endIndex - 1,
                words[..<place].allSatisfy({ Self.modifiers.contains($0) })
            else { return nil }
            // `import struct Module.Name` names the kind first.
            let name = words[words.index(after: place)...].last ?? ""
            return (index, name.prefix { $0 != "." })
        }
    }

    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "@testable",
        "@preconcurrency",
    ]
}

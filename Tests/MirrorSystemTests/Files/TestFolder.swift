import MirrorSystem

/// A folder for one test, removed with the test's suite value.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/mirrord-test-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        try FolderTree.make(path)
    }

    deinit {
        // What cannot be removed is left to whoever cleans /tmp.
        try? FolderTree.remove(path)
    }

    /// A path in the folder.
    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a file with these bytes.
    func write(_ bytes: [UInt8], to name: String) throws {
        try SharedFile.open(path(name), for: .creating).write(bytes, at: 0)
    }

    /// The names in a folder, sorted.
    func names(in name: String = ".") throws -> [String] {
        var reader = try FolderReader(path(name))
        var names: [String] = []
        while let entry = try reader.next() { names.append(entry.name) }
        return names.sorted()
    }
}

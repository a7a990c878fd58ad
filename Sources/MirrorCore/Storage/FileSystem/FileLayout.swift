/// Where a file system driver keeps what: a key's path below the root is its file's path.
///
/// What is unfinished lies in a folder whose name no key can have, so it is never listed and
/// never met by a key, and on the same file system, so that it can be renamed into place:
///
///     <root>/<key>                          objects
///     <root>/~mirrord/unfinished/<key>      uploads, growing
///     <root>/~mirrord/passing/<random>      small objects before their rename, and folders on
///                                           their way out
struct FileLayout: Sendable {
    /// The root folder, with no slash at its end unless it is `/`.
    let root: String

    init(root: String) {
        var trimmed = Substring(root)
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.root = trimmed.isEmpty ? "." : String(trimmed)
    }

    /// The file or folder of a key.
    func path(of key: StorageKey) -> String {
        key == .root ? root : "\(root)/\(key.path)"
    }

    /// The growing file of an upload, or the folder of those below a key.
    func unfinishedPath(of key: StorageKey) -> String {
        key == .root ? unfinished : "\(unfinished)/\(key.path)"
    }

    /// A path that nothing has, for what is only passing through.
    func passingPath() -> String {
        "\(passing)/\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// The folder of all uploads.
    var unfinished: String { "\(reserved)/unfinished" }

    /// The folder of what is only passing through.
    var passing: String { "\(reserved)/passing" }

    /// The folder that holds both.
    var reserved: String { "\(root)/~mirrord" }
}

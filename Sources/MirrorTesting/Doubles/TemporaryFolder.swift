internal import MirrorSystem

/// A folder for one test, removed with all in it when nobody holds it any more.
public final class TemporaryFolder: Sendable {
    /// The folder's path.
    public let path: String

    /// Makes an empty folder below `/tmp`, or below `parent`.
    ///
    /// - Throws: when the folder cannot be made.
    public init(in parent: String = "/tmp") throws {
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        path = "\(parent)/mirrord-test-\(name)"
        try FolderTree.make(path)
    }

    deinit {
        // What cannot be removed is left to whoever cleans the parent.
        try? FolderTree.remove(path)
    }
}

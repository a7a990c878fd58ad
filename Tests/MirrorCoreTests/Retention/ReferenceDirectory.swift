import FoundationEssentials
import MirrorCore
import MirrorTesting

/// A storage directory as the reference registry writes it, file by file.
struct ReferenceDirectory {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    var path: String { folder.path }

    /// A driver of this package over the directory.
    func driver() throws -> FileSystemDriver {
        try FileSystemDriver(root: path)
    }

    /// Writes an image that a tag names, with the empty folder of uploads that the reference
    /// leaves.
    func add(_ image: SampleImage, to repository: RepositoryName, tag: String) throws {
        try add(image.manifest, to: repository)
        for blob in image.blobs { try add(blob, to: repository) }
        let folder = "\(root(of: repository))/_manifests/tags/\(tag)"
        let digest = image.manifest.digest
        try write(digest.text, at: "\(folder)/current/link")
        try write(digest.text, at: "\(folder)/index/\(digest.algorithm)/\(digest.hex)/link")
        try FileManager.default.createDirectory(
            atPath: "\(path)/\(root(of: repository))/_uploads", withIntermediateDirectories: true)
    }

    /// Writes a manifest with its link.
    func add(_ manifest: SampleManifest, to repository: RepositoryName) throws {
        let digest = manifest.digest
        let revisions = "\(root(of: repository))/_manifests/revisions"
        try write(manifest.bytes, at: StorageKey.data(digest).path)
        try write(digest.text, at: "\(revisions)/\(digest.algorithm)/\(digest.hex)/link")
    }

    /// Writes a blob with its link.
    func add(_ blob: SampleBlob, to repository: RepositoryName) throws {
        try write(blob.bytes, at: StorageKey.data(blob.digest).path)
        try link(blob.digest, in: repository)
    }

    /// Writes the link to a blob alone.
    func link(_ digest: Digest, in repository: RepositoryName) throws {
        let layers = "\(root(of: repository))/_layers"
        try write(digest.text, at: "\(layers)/\(digest.algorithm)/\(digest.hex)/link")
    }

    /// Writes a file with the folders above it.
    func write(_ text: String, at path: String) throws {
        try write(Array(text.utf8), at: path)
    }

    private func write(_ bytes: [UInt8], at path: String) throws {
        let full = "\(self.path)/\(path)"
        let folder = full.prefix(upTo: full.lastIndex(of: "/") ?? full.startIndex)
        try FileManager.default.createDirectory(
            atPath: String(folder), withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: full))
    }

    private func root(of repository: RepositoryName) -> String {
        "docker/registry/v2/repositories/\(repository)"
    }
}

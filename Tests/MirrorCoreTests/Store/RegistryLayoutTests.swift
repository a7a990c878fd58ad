import FoundationEssentials
import MirrorTesting
import Testing

@testable import MirrorCore

/// Content whose digests are known by heart: the blob `hello` and the manifest `{}`.
struct KnownContent: Sendable, CustomStringConvertible {
    let algorithm: Digest.Algorithm
    let blobHex: String
    let manifestHex: String

    static let all = [
        KnownContent(
            algorithm: .sha256,
            blobHex: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            manifestHex: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        KnownContent(
            algorithm: .sha512,
            blobHex: "9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca7"
                + "2323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043",
            manifestHex: "27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9"
                + "a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd"),
    ]

    var description: String { algorithm.rawValue }
    var blob: Digest { Digest(of: Array("hello".utf8), by: algorithm) }
    var manifest: Digest { Digest(of: Array("{}".utf8), by: algorithm) }

    /// Keeps both for `library/app`, and lets the tag `latest` name the manifest.
    func put(in store: ContentStore) async throws {
        let upload = try await store.fill(blob)
        try await upload.append(Array("hello".utf8))
        try await upload.commit(to: RegistryLayout.data(blob))
        try await store.link(blob: blob, in: .app)
        let bytes = Array("{}".utf8)
        let value = Manifest(bytes: bytes, digest: manifest, statedType: .dockerManifest)
        try await store.put(try #require(value), in: .app)
        try await store.set(.latest, to: manifest, in: .app)
    }

    /// Every path that there is then, with what stands there.
    var files: [String: String] {
        let root = "docker/registry/v2"
        let repository = "\(root)/repositories/library/app"
        let tag = "\(repository)/_manifests/tags/latest"
        return [
            "\(root)/blobs/\(algorithm)/\(blobHex.prefix(2))/\(blobHex)/data": "hello",
            "\(root)/blobs/\(algorithm)/\(manifestHex.prefix(2))/\(manifestHex)/data": "{}",
            "\(repository)/_layers/\(algorithm)/\(blobHex)/link": "\(algorithm):\(blobHex)",
            "\(repository)/_manifests/revisions/\(algorithm)/\(manifestHex)/link":
                "\(algorithm):\(manifestHex)",
            "\(tag)/current/link": "\(algorithm):\(manifestHex)",
            "\(tag)/index/\(algorithm)/\(manifestHex)/link": "\(algorithm):\(manifestHex)",
            "mirrord/types/\(algorithm)/\(manifestHex)":
                "application/vnd.docker.distribution.manifest.v2+json",
        ]
    }
}

/// The reference registry's layout, path by path.
@Suite struct RegistryLayoutTests {
    @Test(arguments: KnownContent.all)
    func everyFileLiesWhereTheReferenceLooksForIt(_ content: KnownContent) async throws {
        let driver = MemoryDriver()
        try await content.put(in: ContentStore(driver))
        var found: [String: String] = [:]
        for path in try await driver.paths() { found[path] = try await driver.text(at: path) }
        #expect(found == content.files)
    }

    @Test(arguments: KnownContent.all)
    func aKeyIsThePathOfAFileOnDisk(_ content: KnownContent) async throws {
        let folder = try TemporaryFolder()
        try await content.put(in: ContentStore(try FileSystemDriver(root: folder.path)))
        for (path, text) in content.files {
            let data = FileManager.default.contents(atPath: "\(folder.path)/\(path)")
            #expect(data.map { String(decoding: $0, as: UTF8.self) } == text, "\(path)")
        }
    }

    @Test(arguments: KnownContent.all)
    func whatAnotherProgramWroteThereIsFound(_ content: KnownContent) async throws {
        let driver = MemoryDriver()
        for (path, text) in content.files {
            try await driver.put(Array(text.utf8), at: .made(path))
        }
        let store = ContentStore(driver)
        #expect(try await store.isLinked(blob: content.blob, in: .app))
        #expect(try await store.blob(content.blob)?.readAll() == Array("hello".utf8))
        #expect(try await store.digest(of: .latest, in: .app) == content.manifest)
        let manifest = try await store.manifest(content.manifest, in: .app)
        #expect(manifest?.bytes == Array("{}".utf8))
        #expect(manifest?.mediaType == .dockerManifest)
    }

    @Test(arguments: KnownContent.all)
    func nothingIsLeftOfWhatIsRemoved(_ content: KnownContent) async throws {
        let driver = MemoryDriver()
        let store = ContentStore(driver)
        try await content.put(in: store)
        try await store.remove(.latest, in: .app)
        try await store.unlink(manifest: content.manifest, in: .app)
        try await store.unlink(blob: content.blob, in: .app)
        for digest in [content.manifest, content.blob] { try await store.removeData(digest) }
        #expect(try await driver.paths() == [])
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// Manifests in the store: every byte, the media type, and nothing that is not whole.
@Suite struct StoredManifestTests {
    private let driver = FaultyDriver(MemoryDriver())
    private let store: ContentStore

    init() {
        store = ContentStore(driver)
    }

    private func manifest(
        _ text: String, _ type: MediaType? = nil, by algorithm: Digest.Algorithm = .sha256
    ) throws -> Manifest {
        let bytes = Array(text.utf8)
        let digest = Digest(of: bytes, by: algorithm)
        return try #require(Manifest(bytes: bytes, digest: digest, statedType: type))
    }

    private func note(_ manifest: Manifest) -> StorageKey {
        .made("mirrord/types/\(manifest.digest.algorithm)/\(manifest.digest.hex)")
    }

    private func link(_ manifest: Manifest) -> StorageKey {
        let folder = "docker/registry/v2/repositories/library/app/_manifests/revisions"
        return .made("\(folder)/\(manifest.digest.algorithm)/\(manifest.digest.hex)/link")
    }

    @Test(
        arguments: [
            "{}", " {\n\t\"a\" : 1 }\r\n\n", #"{"b":1,"a":2,"a":3}"#, #"{"é":"\u00e9\/"}"#,
            #"{"a":1.0,"b":1e2}"#,
        ], Digest.Algorithm.allCases)
    func everyByteIsKept(text: String, algorithm: Digest.Algorithm) async throws {
        let manifest = try manifest(text, by: algorithm)
        try await store.put(manifest, in: .app)
        #expect(try await driver.bytes(at: .data(manifest.digest)) == Array(text.utf8))
        let kept = try await store.manifest(manifest.digest, in: .app)
        #expect(kept?.bytes == Array(text.utf8) && kept?.digest == manifest.digest)
    }

    @Test func isFoundForItsRepositoryAndWithoutAnyButForNoOther() async throws {
        let manifest = try manifest("{}")
        try await store.put(manifest, in: .app)
        #expect(try await store.manifest(manifest.digest, in: .app) != nil)
        #expect(try await store.manifest(manifest.digest) != nil)
        #expect(try await store.manifest(manifest.digest, in: .other) == nil)
        try await store.unlink(manifest: manifest.digest, in: .app)
        #expect(try await store.manifest(manifest.digest, in: .app) == nil)
        #expect(try await store.manifest(manifest.digest) != nil)
    }

    // MARK: Media type

    @Test func aStatedTypeIsReadFromTheContentAndNotKeptBeside() async throws {
        let type = "application/vnd.example+json"
        let manifest = try manifest(#"{"mediaType":"\#(type)"}"#, .ociManifest)
        try await store.put(manifest, in: .app)
        #expect(try await store.manifest(manifest.digest)?.mediaType.text == type)
        #expect(try await driver.paths(below: .made("mirrord")) == [])
    }

    @Test func aTypeThatIsNotStatedIsKeptBeside() async throws {
        let manifest = try manifest(#"{"manifests":[]}"#, .dockerList)
        try await store.put(manifest, in: .app)
        #expect(try await store.manifest(manifest.digest)?.mediaType == .dockerList)
        try await store.removeData(manifest.digest)
        #expect(try await driver.paths(below: .made("mirrord")) == [])
    }

    @Test(arguments: [nil, "", " ;", "text/html", "\u{0}", String(repeating: "j", count: 2000)])
    func withoutASoundNoteTheTypeFollowsFromTheContent(note text: String?) async throws {
        let cases: [(String, MediaType)] = [
            (#"{"layers":[]}"#, .ociManifest), (#"{"manifests":[]}"#, .ociIndex),
            (#"{"schemaVersion":2}"#, .ociManifest),
        ]
        for (content, implied) in cases {
            let manifest = try manifest(content, .dockerManifest)
            try await store.put(manifest, in: .app)
            if let text {
                try await driver.put(Array(text.utf8), at: note(manifest))
            } else {
                try await driver.delete(.made("mirrord"))
            }
            #expect(try await store.manifest(manifest.digest)?.mediaType == implied)
        }
    }

    // MARK: Damage

    @Test(arguments: ["", "{", #"{"a":2}"#, #"{"a":1} "#, "[1]"])
    func damagedBytesAreNotServedAndTheNextPutHealsThem(damage: String) async throws {
        let manifest = try manifest(#"{"a":1}"#)
        try await store.put(manifest, in: .app)
        try await driver.put(Array(damage.utf8), at: .data(manifest.digest))
        #expect(try await store.manifest(manifest.digest, in: .app) == nil)
        try await store.put(manifest, in: .app)
        #expect(try await store.manifest(manifest.digest, in: .app)?.bytes == manifest.bytes)
    }

    @Test func moreBytesThanAManifestMayHaveAreNotRead() async throws {
        let bytes = [UInt8](repeating: UInt8(ascii: " "), count: Manifest.byteLimit + 1)
        let digest = Digest(of: bytes)
        try await driver.put(bytes, at: .data(digest))
        driver.resetCounts()
        #expect(try await store.manifest(digest) == nil)
        #expect(driver.counts[.read] == nil)
    }

    @Test(arguments: ["", "nonsense", "sha256:12"])
    func aLinkThatDoesNotNameTheManifestIsNone(text: String) async throws {
        let manifest = try manifest("{}")
        try await store.put(manifest, in: .app)
        try await driver.put(Array(text.utf8), at: link(manifest))
        #expect(try await store.manifest(manifest.digest, in: .app) == nil)
        try await store.put(manifest, in: .app)
        #expect(try await store.manifest(manifest.digest, in: .app) != nil)
    }

    @Test func aLinkWithoutBytesAndBytesWithoutALinkAreNoManifest() async throws {
        let manifest = try manifest("{}")
        try await driver.put(Array(manifest.digest.text.utf8), at: link(manifest))
        #expect(try await store.manifest(manifest.digest, in: .app) == nil)
        try await driver.delete(link(manifest))
        try await driver.put(manifest.bytes, at: .data(manifest.digest))
        #expect(try await store.manifest(manifest.digest, in: .app) == nil)
    }

    // MARK: Order of writing

    @Test(arguments: 0..<3)
    func whicheverWriteFailsNoLinkLeadsToWhatIsNotThere(skipping: Int) async throws {
        let manifest = try manifest("{}", .dockerManifest)
        driver.fail(StorageFault(.outOfSpace, on: [.put], skipping: skipping, count: 1))
        await #expect(throws: StorageError.self) { try await store.put(manifest, in: .app) }
        #expect(try await driver.stat(link(manifest)) == nil)
        try await store.put(manifest, in: .app)
        #expect(try await store.manifest(manifest.digest, in: .app)?.mediaType == .dockerManifest)
    }

    @Test func bytesThatAreThereAlreadyAreNotWrittenAgain() async throws {
        let manifest = try manifest(#"{"mediaType":"a/b"}"#)
        try await store.put(manifest, in: .app)
        driver.fail(StorageFault(.failed, on: [.put], below: .data(manifest.digest)))
        try await store.put(manifest, in: .other)
        #expect(try await store.manifest(manifest.digest, in: .other) != nil)
    }
}

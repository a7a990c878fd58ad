import MirrorTesting
import Testing

@testable import MirrorCore

/// Blobs in the store: bytes that any repository may have, and links that say which do.
@Suite struct StoredBlobTests {
    private let blob = SampleBlob("some bytes")
    private let driver = MemoryDriver()
    private let store: ContentStore

    init() {
        store = ContentStore(driver)
    }

    private var link: StorageKey {
        let repository = "docker/registry/v2/repositories/library/app"
        return .made("\(repository)/_layers/sha256/\(blob.digest.hex)/link")
    }

    @Test func aBlobIsThereWhicheverRepositoryHasIt() async throws {
        #expect(try await store.blob(blob.digest) == nil)
        try await driver.put(blob.bytes, at: .data(blob.digest))
        #expect(try await store.blob(blob.digest)?.readAll() == blob.bytes)
        #expect(try await !store.isLinked(blob: blob.digest, in: .app))
    }

    @Test func aLinkCountsForItsRepositoryAlone() async throws {
        try await store.link(blob: blob.digest, in: .app)
        #expect(try await store.isLinked(blob: blob.digest, in: .app))
        #expect(try await !store.isLinked(blob: blob.digest, in: .other))
        #expect(try await store.blob(blob.digest) == nil)
        try await store.unlink(blob: blob.digest, in: .app)
        #expect(try await !store.isLinked(blob: blob.digest, in: .app))
    }

    @Test(arguments: [
        "", "nonsense", "sha256:", "sha256:abc", "\n", String(repeating: "x", count: 300),
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ])
    func aLinkThatDoesNotNameTheBlobIsNone(text: String) async throws {
        try await driver.put(Array(text.utf8), at: link)
        #expect(try await !store.isLinked(blob: blob.digest, in: .app))
        try await store.link(blob: blob.digest, in: .app)
        #expect(try await store.isLinked(blob: blob.digest, in: .app))
    }

    @Test func noBytesAreNoBlobUnlessTheirDigestSaysSo() async throws {
        try await driver.put([], at: .data(blob.digest))
        #expect(try await store.blob(blob.digest) == nil)
        for algorithm in Digest.Algorithm.allCases {
            let nothing = Digest(of: [], by: algorithm)
            try await driver.put([], at: .data(nothing))
            #expect(try await store.blob(nothing)?.size == 0)
        }
    }

    @Test func theSameBytesUnderTwoAlgorithmsAreTwoBlobs() async throws {
        let longer = Digest(of: blob.bytes, by: .sha512)
        try await driver.put(blob.bytes, at: .data(longer))
        try await store.link(blob: longer, in: .app)
        #expect(try await store.blob(blob.digest) == nil)
        #expect(try await !store.isLinked(blob: blob.digest, in: .app))
        try await store.removeData(blob.digest)
        #expect(try await store.blob(longer)?.readAll() == blob.bytes)
    }

    @Test func removedBytesLeaveLinksAndOthersAlone() async throws {
        let other = SampleBlob("other bytes")
        for blob in [blob, other] {
            try await driver.put(blob.bytes, at: .data(blob.digest))
            try await store.link(blob: blob.digest, in: .app)
        }
        try await store.removeData(blob.digest)
        #expect(try await store.blob(blob.digest) == nil)
        #expect(try await store.isLinked(blob: blob.digest, in: .app))
        #expect(try await store.blob(other.digest)?.readAll() == other.bytes)
    }

    @Test func bytesThatAreOpenCanBeReadAfterTheyAreRemoved() async throws {
        let folder = try TemporaryFolder()
        let driver = try FileSystemDriver(root: folder.path)
        try await driver.put(blob.bytes, at: .data(blob.digest))
        let store = ContentStore(driver)
        let object = try await store.blob(blob.digest)
        try await store.removeData(blob.digest)
        #expect(try await object?.readAll() == blob.bytes)
        #expect(try await store.blob(blob.digest) == nil)
    }

    @Test func storageThatFailsIsAnErrorAndNoAbsence() async throws {
        let faulty = FaultyDriver(driver)
        let store = ContentStore(faulty)
        faulty.fail(StorageFault(.failed, on: [.open]))
        await #expect(throws: StorageError.self) { try await store.blob(blob.digest) }
        await #expect(throws: StorageError.self) {
            try await store.isLinked(blob: blob.digest, in: .app)
        }
    }
}

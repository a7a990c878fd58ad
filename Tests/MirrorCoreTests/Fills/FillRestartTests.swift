import MirrorCore
import MirrorTesting
import Testing

/// Fills that a mirror leaves unfinished and the next one over the same folder takes up.
@Suite struct FillRestartTests {
    private let blob = SampleBlob(seed: 4, size: 60_000)
    private let upstream = ScriptedFetcher()
    private let folder: TemporaryFolder
    private let fillKey: StorageKey

    init() throws {
        folder = try TemporaryFolder()
        upstream.add(blob, to: .app)
        fillKey = .made("mirrord/fills/sha256/\(blob.digest.hex)")
    }

    private func makeMirror() throws -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, over: try FileSystemDriver(root: folder.path))
    }

    /// Leaves an unfinished write as a killed process does.
    private func leave(_ bytes: [UInt8]) async throws {
        let upload = try await FileSystemDriver(root: folder.path).upload(at: fillKey)
        try await upload.append(bytes)
        await upload.suspend()
    }

    @Test func theNextMirrorGoesOnFromTheByteReached() async throws {
        let checkpoint = Checkpoint()
        upstream.script(blob.digest, .holding(at: 25_000, checkpoint))
        let first = try makeMirror()
        let content = try await first.mirror.blob(blob.digest, in: .app).content
        _ = try await content.bytes(count: 24_999)
        await first.mirror.stop()
        #expect(try await makeMirror().read(blob.digest) == blob.bytes)
        #expect(upstream.transfers(of: blob.digest) == [0, 25_000])
        #expect(upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func whatIsWholeAlreadyIsKeptWithoutATransfer() async throws {
        try await leave(blob.bytes)
        let test = try makeMirror()
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(upstream.transfers(of: blob.digest).isEmpty)
        await test.mirror.stop()
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test(arguments: [25_000, 60_000])
    func damagedBytesAreThrownAwayAndPoisonNothing(count: Int64) async throws {
        var bytes = blob.bytes(in: 0..<count)
        bytes[12_345] ^= 1
        try await leave(bytes)
        let test = try makeMirror()
        // Who has been shown the damage is cut off; nobody is told that it is the blob.
        let read = try? await test.read(blob.digest)
        #expect(read == nil || read == blob.bytes)
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(upstream.transfers(of: blob.digest).last == 0)
    }

    @Test func moreBytesThanTheBlobHasAreNoBeginningOfIt() async throws {
        try await leave(blob.bytes + [0])
        #expect(try await makeMirror().read(blob.digest) == blob.bytes)
        #expect(upstream.transfers(of: blob.digest) == [0])
    }

    /// They may be ranges with gaps between.
    @Test func manyBytesOfWhichNothingIsSaidAreNotBelieved() async throws {
        let blob = SampleBlob(seed: 5, size: 1 << 20 + 4_000)
        upstream.add(blob, to: .app)
        let driver = try FileSystemDriver(root: folder.path)
        let upload = try await driver.upload(
            at: .made("mirrord/fills/sha256/\(blob.digest.hex)"))
        try await upload.write([7], at: 1 << 20 + 2_000)
        await upload.suspend()
        #expect(try await makeMirror().read(blob.digest) == blob.bytes)
        #expect(upstream.transfers(of: blob.digest) == [0])
    }

    @Test func storedBlobsAreHeldByTheNextMirror() async throws {
        let first = try makeMirror()
        _ = try await first.read(blob.digest)
        await first.mirror.stop()
        upstream.resetCounts()
        #expect(try await makeMirror().read(blob.digest) == blob.bytes)
        #expect(upstream.callCount == 0)
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// A mirror is never worse than none: storage that fails costs the client nothing, not even
/// where there is no memory for what it does not take.
@Suite struct FailingStorageTests {
    private let blob = SampleBlob(seed: 6, size: 60_000)
    private let test: MirrorUnderTest

    init() {
        var limits = CacheLimits()
        limits.spilledBytes = 0
        test = MirrorUnderTest(limits: limits)
        test.upstream.add(blob, to: .app)
    }

    @Test(arguments: [
        StorageFault.readOnly, .fullAfter(bytes: 0), StorageFault(.failed, on: [.upload]),
        StorageFault(.failed, on: [.open, .stat]),
        StorageFault(.failed, on: Set(StorageOperation.allCases)),
    ])
    func aBlobIsPassedOnWhenStorageFailsAtTheStart(_ fault: StorageFault) async throws {
        test.storage.fail(fault)
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(try await test.read(blob.digest, from: 45_000) == blob.bytes(in: 45_000..<60_000))
    }

    @Test(arguments: [1, 30_000, 59_999])
    func aReaderGoesOnWhenStorageIsFullInTheMiddle(byteLimit: Int) async throws {
        test.storage.fail(.fullAfter(bytes: byteLimit))
        for offset: Int64 in [0, 100, 40_000] {
            let bytes = try await test.read(blob.digest, from: offset)
            #expect(bytes == blob.bytes(in: offset..<blob.size))
        }
        #expect(try await test.storage.stat(.data(blob.digest)) == nil)
        test.storage.heal()
        #expect(try await test.read(blob.digest) == blob.bytes)
    }

    @Test func aReaderInTheMiddleIsNotSentTheBytesBeforeAgain() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 30_000, checkpoint))
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        let head = try await content.bytes(count: 20_000)
        test.storage.fail(.fullAfter(bytes: 0))
        checkpoint.open()
        let rest = try await content.bytes(from: 20_000)
        #expect(head + rest == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0, 30_000])
    }

    @Test(arguments: [0, 40_000, 59_999])
    func wrongBytesEndNoReaderThatIsPassedThrough(at byte: Int64) async throws {
        test.storage.fail(.readOnly)
        test.upstream.script(blob.digest, TransferScript(flippedAt: byte))
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        var isTold = false
        var read: Int64 = 0
        do {
            while let piece = try await content.piece(at: read, limit: 1 << 20) {
                read += piece.count
            }
        } catch {
            isTold = error.code == .invalid
        }
        #expect(isTold && read < blob.size)
    }

    @Test func wrongBytesBehindThoseThatWereStoredEndNoReader() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(
            blob.digest, TransferScript(hold: (30_000, checkpoint), flippedAt: 10))
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        _ = try await content.bytes(count: 20_000)
        test.storage.fail(.fullAfter(bytes: 0))
        checkpoint.open()
        let error = await test.error { _ = try await content.bytes(from: 20_000) }
        #expect(error?.code == .invalid)
    }

    @Test func whatIsPassedThroughKeepsToTheLimitOfAPiece() async throws {
        test.storage.fail(.readOnly)
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        #expect(try await content.bytes(limit: 1_000) == blob.bytes)
        let part = try await content.bytes(from: 10, count: 20, limit: 7)
        #expect(part == blob.bytes(in: 10..<30))
    }

    @Test func aBlobThatCannotBeCommittedIsServedWholeAllTheSame() async throws {
        test.storage.fail(StorageFault(.failed, on: [.commit]))
        #expect(try await test.read(blob.digest) == blob.bytes)
        await test.mirror.stop()
        test.storage.heal()
        #expect(try await test.read(blob.digest) == blob.bytes)
    }

    @Test func manifestsAreServedWhenNothingCanBeStored() async throws {
        let image = SampleImage(seed: 1)
        test.upstream.add(image, to: .app, tag: .latest)
        test.storage.fail(StorageFault(.failed, on: Set(StorageOperation.allCases)))
        for reference in [Reference.tag(.latest), .digest(image.manifest.digest)] {
            #expect(try await test.manifest(reference).content.bytes == image.manifest.bytes)
        }
    }

    @Test func storageThatCannotBeReadCountsAsEmpty() async throws {
        _ = try await test.read(blob.digest)
        await test.mirror.stop()
        let next = MirrorUnderTest(upstream: test.upstream, over: test.storage)
        test.storage.fail(StorageFault(.failed, on: [.open]))
        #expect(try await next.read(blob.digest) == blob.bytes)
    }
}

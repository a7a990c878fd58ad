import MirrorCore
import MirrorTesting
import Testing

/// What the scrub finds.
@Suite struct ScrubTests {
    private let image = SampleImage(seed: 75)
    private let test = ScrubUnderTest()

    init() async throws {
        test.upstream.add(image, to: .app, tag: .latest)
        _ = try await test.mirror.manifest(.tag(.latest), in: .app)
        try await test.fetch(image.blobs)
    }

    private var blob: SampleBlob { image.layers[1] }

    @Test func aFlippedBitIsFoundAndTheBlobFetchedAgain() async throws {
        // It is at hand, too.
        #expect(try await test.integrity.pull(blob) == (.hit, true))
        try await test.integrity.spoil(blob.digest, blob.flipped)
        await test.start()
        #expect(try await test.integrity.setAside() == [blob.digest])
        let record = try #require(test.integrity.findings.first)
        #expect(record.text("digest") == blob.digest.text)
        #expect(record.text("found") == Digest(of: blob.flipped).text)
        #expect(try await test.integrity.pull(blob) == (.miss, true))
        #expect(test.upstream.transfers(of: blob.digest) == [0, 0])
        #expect(test.integrity.findings.count == 1 && test.report.damagedCount == 1)
    }

    @Test func whatIsRightIsCountedAndLeftAlone() async throws {
        let paths = try await test.storage.paths(below: .made("docker"))
        await test.start()
        #expect(try await test.storage.paths(below: .made("docker")) == paths)
        #expect(test.report.soundCount == image.blobs.count + 1)
        let size = image.blobs.reduce(Int64(image.manifest.bytes.count)) { $0 + $1.size }
        #expect(test.report.soundByteCount == size && test.report.damagedCount == 0)
        #expect(test.integrity.log.messages(.info) == ["all that is held was checked"])
    }

    @Test func clientsOfWhatIsAtHandNoticeNothing() async throws {
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        let head = try await content.bytes(count: 1000)
        await test.start()
        #expect(try await head + content.bytes(from: 1000) == blob.bytes)
        test.storage.resetCounts()
        #expect(try await test.mirror.blob(blob.digest, in: .app).status == .hit)
        #expect(test.storage.callCount == 0)
    }

    @Test func aManifestInMemoryIsPutBackWithoutUpstream() async throws {
        let digest = image.manifest.digest
        try await test.integrity.spoil(digest, [1, 2, 3])
        test.upstream.resetCounts()
        await test.start()
        #expect(try await test.storage.bytes(at: .data(digest)) == image.manifest.bytes)
        #expect(try await test.integrity.setAside() == [digest])
        #expect(try await test.mirror.manifest(.digest(digest), in: .app).status == .hit)
        #expect(test.upstream.callCount == 0)
        #expect(test.report.damagedCount == 1 && test.report.healedCount == 1)
    }

    @Test func aManifestThatIsNotInMemoryIsFetchedAgain() async throws {
        let digest = image.manifest.digest
        try await test.integrity.spoil(digest, [1, 2, 3])
        let next = test.beside()
        await next.start()
        #expect(try await next.integrity.setAside() == [digest])
        #expect(try await next.mirror.manifest(.digest(digest), in: .app).status == .miss)
    }

    @Test func whatTheDiskDoesNotGiveBackIsSetAside() async throws {
        test.storage.fail(StorageFault(.damaged, on: [.read], below: .data(blob.digest), count: 1))
        await test.start()
        #expect(try await test.integrity.setAside() == [blob.digest])
        #expect(try await test.integrity.pull(blob) == (.miss, true))
    }

    @Test(arguments: [StorageError.Code.notPermitted, .failed])
    func whatCannotBeReadNowIsLeftAndToldOf(_ code: StorageError.Code) async throws {
        test.storage.fail(StorageFault(code, on: [.open], below: .data(blob.digest)))
        await test.start()
        test.storage.heal()
        #expect(try await test.integrity.setAside() == [])
        #expect(test.report.skippedCount == 1 && test.report.passCount == 1)
        #expect(
            test.integrity.log.messages(.warning) == ["not all that is held could be checked"])
        #expect(try await test.integrity.pull(blob) == (.hit, true))
    }

    @Test func damageOnStorageThatCanOnlyBeReadIsNotServed() async throws {
        try await test.integrity.spoil(blob.digest, blob.flipped)
        test.storage.fail(.readOnly)
        await test.start()
        #expect(test.report.inPlaceCount == 1)
        // What upstream sends instead is shared in memory.
        #expect(try await test.integrity.pull(blob) == (.miss, true))
        #expect(try await test.integrity.pull(blob) == (.hit, true))
    }

    @Test func whatIsBeingFilledIsNotTouched() async throws {
        let new = SampleBlob(seed: 9, size: 5000)
        let checkpoint = Checkpoint()
        test.upstream.add(new, to: .app)
        test.upstream.script(new.digest, .holding(at: 1000, checkpoint))
        let content = try await test.mirror.blob(new.digest, in: .app).content
        await checkpoint.untilReached()
        // As if another program had put it there.
        try await test.integrity.spoil(new.digest, new.flipped)
        test.mirror.start()
        while test.report.passCount == 0 {
            await test.clock.untilSleeping(3)
            test.clock.advance(by: .seconds(1))
        }
        #expect(test.integrity.findings.isEmpty)
        checkpoint.open()
        #expect(try await content.bytes() == new.bytes)
        await test.mirror.stop()
        #expect(try await test.storage.bytes(at: .data(new.digest)) == new.bytes)
    }
}

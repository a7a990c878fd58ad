import MirrorCore
import MirrorTesting
import Testing

/// How fast the scrub goes, when, and from where.
@Suite struct ScrubPassTests {
    private static let mebibyte: Int64 = 1 << 20
    private let slow = ScrubSettings(rate: 2 << 20)

    /// A mirror that holds as many blobs of a mebibyte.
    private func mirror(
        _ count: Int, _ settings: ScrubSettings
    ) async throws -> ScrubUnderTest {
        let test = ScrubUnderTest(settings: settings)
        try await test.fetch(SampleBlob.several(count, size: Self.mebibyte))
        return test
    }

    // MARK: Rate

    @Test func neverReadsMoreThanItsRateAllows() async throws {
        let test = try await mirror(12, slow)
        let start = test.clock.now
        await test.start()
        var counts: [Int64] = []
        while test.report.passCount == 0 {
            let seconds = (test.clock.now - start) / .seconds(1)
            let allowed = Double(slow.rate) * (seconds + 1) + Double(Self.mebibyte)
            #expect(Double(test.report.soundByteCount) <= allowed)
            counts.append(test.report.soundByteCount)
            test.clock.advanceToNextDeadline()
            await test.clock.untilSleeping(3)
        }
        #expect(counts.count > 5 && counts.first ?? 0 < 4 * Self.mebibyte)
        let duration = test.clock.now - start
        #expect(duration >= .seconds(4) && duration <= .seconds(6))
    }

    /// Looking for a file takes the disk as long as reading some of it.
    @Test func isNotFasterWhereNothingCanBeRead() async throws {
        let test = ScrubUnderTest(settings: slow)
        try await test.fetch(SampleBlob.several(40, size: 10))
        let blobs = StorageKey.made("docker/registry/v2/blobs")
        test.storage.fail(StorageFault(.notPermitted, on: [.open], below: blobs))
        let start = test.clock.now
        await test.start()
        while test.report.passCount == 0 {
            test.clock.advanceToNextDeadline()
            await test.clock.untilSleeping(3)
        }
        #expect(test.report.skippedCount == 40)
        #expect(test.clock.now - start >= .seconds(3))
    }

    @Test func waitsWithinALargeBlobToo() async throws {
        let test = ScrubUnderTest(settings: slow)
        try await test.fetch([SampleBlob(seed: 3, size: 12 << 20)])
        let start = test.clock.now
        await test.start()
        while test.report.passCount == 0 {
            test.clock.advanceToNextDeadline()
            await test.clock.untilSleeping(3)
        }
        #expect(test.clock.now - start >= .seconds(4))
    }

    @Test func standsBackWhileABlobArrives() async throws {
        let test = try await mirror(8, ScrubUnderTest.fast)
        let new = SampleBlob(seed: 9, size: 5000)
        let checkpoint = Checkpoint()
        test.upstream.add(new, to: .app)
        test.upstream.script(new.digest, .holding(at: 1000, checkpoint))
        let content = try await test.mirror.blob(new.digest, in: .app).content
        await checkpoint.untilReached()
        await test.start()
        for second in 0..<4 {
            #expect(test.report.soundByteCount <= Int64(second + 1) * Self.mebibyte)
            for _ in 0..<10 { await test.pass(.milliseconds(100)) }
        }
        checkpoint.open()
        #expect(try await content.bytes() == new.bytes)
    }

    @Test func standsBackWhileClientsRead() async throws {
        let test = try await mirror(4, ScrubUnderTest.fast)
        let blob = SampleBlob.several(1, size: Self.mebibyte)[0]
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        _ = try await content.bytes(count: 10)
        await test.start()
        // It looks after a block, and again after a moment in which nobody has read.
        #expect(test.report.passCount == 0)
        await test.pass(.milliseconds(100))
        #expect(test.report.passCount == 1)
    }

    // MARK: Passes

    @Test func beginsAPassOnceInAnInterval() async throws {
        let test = try await mirror(1, ScrubUnderTest.fast)
        await test.start()
        #expect(test.report.passCount == 1)
        await test.pass(ScrubUnderTest.week - .seconds(1))
        #expect(test.report.passCount == 1)
        await test.pass(.seconds(1))
        #expect(test.report.passCount == 2)
    }

    @Test func keepsToTheIntervalOverARestart() async throws {
        let test = try await mirror(1, ScrubUnderTest.fast)
        await test.start()
        await test.mirror.stop()
        test.clock.advance(by: ScrubUnderTest.week / 2)
        let next = test.beside()
        await next.start()
        #expect(next.report.passCount == 0)
        await next.pass(ScrubUnderTest.week / 2)
        #expect(next.report.passCount == 1)
    }

    @Test func goesOnFromItsPositionAfterARestart() async throws {
        let test = try await mirror(10, slow)
        await test.start()
        await test.pass(.seconds(1))
        await test.mirror.stop()
        let count = test.report.soundCount
        #expect(count >= 2 && count < 10)
        let next = test.beside()
        await next.start()
        #expect(next.report.passCount == 1)
        #expect(next.report.soundCount == 10 - count)
    }

    @Test(arguments: ["", "nonsense", "1700000000 sha256:12", "x -", "9 8 7"])
    func beginsAnewWhereThePositionIsLost(_ text: String) async throws {
        let test = try await mirror(3, ScrubUnderTest.fast)
        try await test.storage.put(Array(text.utf8), at: .made("mirrord/scrub"))
        await test.start()
        #expect(test.report.soundCount == 3 && test.report.passCount == 1)
    }

    @Test func isBegunAnewByAClockThatWasSetBack() async throws {
        let test = try await mirror(1, ScrubUnderTest.fast)
        await test.start()
        await test.mirror.stop()
        test.clock.set(to: test.clock.now - ScrubUnderTest.week * 100)
        let next = test.beside()
        await next.start()
        #expect(next.report.passCount == 1)
    }

    @Test func isOneMirrorsWorkAtATime() async throws {
        let test = try await mirror(10, slow)
        await test.start()
        let second = test.beside(slow)
        second.mirror.start()
        await test.clock.untilSleeping(6)
        #expect(second.report.soundCount == 0)
        await test.mirror.stop()
        let count = test.report.soundCount
        second.clock.advance(by: .seconds(600))
        while second.report.passCount == 0 {
            await second.clock.untilSleeping(3)
            second.clock.advance(by: .seconds(1))
        }
        #expect(second.report.soundCount == 10 - count)
    }

    @Test func endsInTheMiddleOfABlobAtAStop() async throws {
        let test = ScrubUnderTest(settings: ScrubSettings(rate: 1))
        try await test.fetch([SampleBlob(seed: 3, size: 12 << 20)])
        await test.start()
        await test.mirror.stop()
        #expect(test.report.soundCount == 0 && test.clock.sleeperCount == 0)
    }

    @Test func isTriedAgainWhereTheStorageCannotBeListed() async throws {
        let test = try await mirror(3, ScrubUnderTest.fast)
        let blobs = StorageKey.made("docker/registry/v2/blobs")
        test.storage.fail(StorageFault(.failed, on: [.list], below: blobs))
        await test.start()
        let warning = "what is held cannot be listed to be checked"
        #expect(test.integrity.log.messages(.warning).contains(warning))
        test.storage.heal()
        await test.pass(.seconds(600))
        #expect(test.report.soundCount == 3)
    }

    @Test(arguments: [
        ScrubSettings.off, ScrubSettings(rate: 0), ScrubSettings(interval: .zero),
    ])
    func doesNothingWhereItIsOff(_ settings: ScrubSettings) async throws {
        let test = try await mirror(1, settings)
        test.mirror.start()
        await test.clock.untilSleeping(2)
        await test.mirror.stop()
        #expect(test.report == IntegrityReport())
        #expect(try await test.storage.stat(.made("mirrord/scrub")) == nil)
    }

    // MARK: What changes meanwhile

    @Test func whatIsRemovedWhileItIsReadIsNoDamage() async throws {
        let blob = SampleBlob(seed: 3, size: 12 << 20)
        let test = ScrubUnderTest(settings: slow)
        try await test.fetch([blob])
        try await test.integrity.spoil(blob.digest, blob.flipped)
        await test.start()
        try await test.storage.delete(.data(blob.digest))
        for _ in 0..<10 { await test.pass(.seconds(1)) }
        #expect(test.report.passCount == 1 && test.report.damagedCount == 0)
    }

    @Test func whatIsReplacedWhileItIsReadStays() async throws {
        let blob = SampleBlob(seed: 3, size: 12 << 20)
        let test = ScrubUnderTest(settings: slow)
        try await test.fetch([blob])
        try await test.integrity.spoil(blob.digest, blob.flipped)
        await test.start()
        try await test.integrity.spoil(blob.digest, blob.bytes)
        for _ in 0..<10 { await test.pass(.seconds(1)) }
        #expect(test.report.passCount == 1 && test.report.damagedCount == 0)
        #expect(try await test.integrity.pull(blob) == (.hit, true))
    }
}

import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

@Suite struct FillFaultTests {
    private let blob = SampleBlob(seed: 2, size: 40_000)
    private let test = MirrorUnderTest()

    init() {
        test.upstream.add(blob, to: .app)
    }

    /// Whether anything of the blob is stored.
    private func isStored() async throws -> Bool {
        try await test.storage.stat(.data(blob.digest)) != nil
    }

    @Test(arguments: [0, 20_000, 39_999], [true, false])
    func aFlippedByteIsNeverServedAsCompleteNorKept(at byte: Int64, statesSize: Bool) async throws {
        if !statesSize { test.upstream.hideSizes() }
        test.upstream.script(blob.digest, TransferScript(flippedAt: byte))
        await withTaskGroup(of: MirrorError?.self) { group in
            for offset: Int64 in [0, 0, 10_000, 39_999] {
                group.addTask {
                    await test.error { _ = try await test.read(blob.digest, from: offset) }
                }
            }
            // The readers of the first fill fail; those who came too late read the second.
            #expect(await group.contains { $0?.code == .invalid })
        }
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest).allSatisfy { $0 == 0 })
    }

    @Test func nothingIsStoredOfWrongBytes() async throws {
        test.upstream.script(blob.digest, TransferScript(flippedAt: 7))
        let error = await test.error { _ = try await test.read(blob.digest) }
        #expect(error?.code == .invalid)
        await test.mirror.stop()
        #expect(try await !isStored())
        test.upstream.resetCounts()
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0])
    }

    @Test func whoeverIsToldOfAFailureMayAskAnewAtOnce() async throws {
        for _ in 0..<200 {
            let test = MirrorUnderTest(upstream: test.upstream)
            test.upstream.script(blob.digest, TransferScript(flippedAt: 7))
            #expect(await test.error { _ = try await test.read(blob.digest) }?.code == .invalid)
            #expect(await test.error { _ = try await test.read(blob.digest) } == nil)
        }
    }

    @Test(arguments: [1, 39_999, 40_001, 1 << 40])
    func aSizeStatedWronglyNeverMakesABlob(size: Int64) async throws {
        let wrong = TransferScript(statedSize: size)
        test.upstream.script(blob.digest, wrong, wrong, wrong, wrong)
        #expect(await test.error { _ = try await test.read(blob.digest) } != nil)
        await test.mirror.stop()
        #expect(try await !isStored())
        test.upstream.heal()
        #expect(try await test.read(blob.digest) == blob.bytes)
    }

    @Test(arguments: [false, true])
    func aBrokenTransferGoesOnFromTheByteReached(endsInstead: Bool) async throws {
        let breaks: [Int64] = [1, 9_999, 30_000]
        for offset in breaks {
            test.upstream.script(
                blob.digest,
                endsInstead
                    ? TransferScript(endsAt: offset) : TransferScript(breaksOffAt: offset))
        }
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0] + breaks)
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func anUpstreamThatIgnoresTheOffsetIsFollowedAllTheSame() async throws {
        test.upstream.script(
            blob.digest, TransferScript(breaksOffAt: 25_000),
            TransferScript(ignoresOffset: true, breaksOffAt: 30_000),
            TransferScript(ignoresOffset: true))
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0, 25_000, 30_000])
    }

    @Test func aSizeThatChangesStartsTheFillOver() async throws {
        test.upstream.script(
            blob.digest, TransferScript(breaksOffAt: 25_000), TransferScript(statedSize: 41_000))
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0, 25_000, 0])
    }

    @Test func contentThatIsOnlySaidToChangeIsGoneOnWith() async throws {
        test.upstream.script(
            blob.digest, TransferScript(breaksOffAt: 25_000, validator: "\"old\""),
            TransferScript(breaksOffAt: 30_000, validator: "\"new\""),
            TransferScript(validator: "\"new\""))
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0, 25_000, 30_000])
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size + 25_000)
    }

    @Test func contentThatChangesStartsTheFillOver() async throws {
        test.upstream.script(
            blob.digest,
            TransferScript(breaksOffAt: 25_000, flippedAt: 24_999, validator: "\"old\""),
            TransferScript(validator: "\"new\""))
        // Whoever had read the wrong byte already is cut off; all others get the right ones.
        let bytes = try? await test.read(blob.digest)
        #expect(bytes == nil || bytes == blob.bytes)
        await test.mirror.stop()
        #expect(try await isStored())
        #expect(test.upstream.transfers(of: blob.digest) == [0, 25_000, 0])
    }

    @Test func whoWasShownOtherContentThanItTurnedOutToBeIsCutOff() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(
            blob.digest,
            TransferScript(
                hold: (25_000, checkpoint), breaksOffAt: 25_000, flippedAt: 7,
                validator: "\"old\""),
            TransferScript(validator: "\"new\""))
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        let early = try await test.mirror.blob(blob.digest, in: .app).content
        #expect(try await early.bytes(count: 7) == blob.bytes(in: 0..<7))
        #expect(try await content.bytes(count: 24_999).count == 24_999)
        checkpoint.open()
        let error = await test.error { _ = try await content.bytes(from: 24_999) }
        #expect(error?.code == .invalid)
        #expect(try await early.bytes(from: 7) == blob.bytes(in: 7..<blob.size))
    }

    @Test func aFillGivesUpAndTellsAllWhoWait() async throws {
        let checkpoint = Checkpoint()
        test.upstream.hold(.blob, at: checkpoint)
        test.upstream.fail([.blob], with: UpstreamError(.unavailable, "down"))
        await withTaskGroup(of: MirrorError?.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    await test.error { _ = try await test.mirror.blob(blob.digest, in: .app) }
                }
            }
            await checkpoint.untilReached()
            checkpoint.open()
            for await error in group { #expect(error?.code == .unavailable) }
        }
    }

    @Test func aBlobIsNotEmptyBecauseUpstreamSaysSo() async throws {
        let nothing = TransferScript(endsAt: 0, statedSize: 0)
        test.upstream.script(blob.digest, nothing)
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0, 0])
    }

    @Test func anUpstreamThatFailsInTheMiddleIsWaitedForAWhile() async throws {
        test.upstream.script(blob.digest, TransferScript(breaksOffAt: 25_000))
        for _ in 0..<6 {
            test.upstream.script(
                blob.digest, TransferScript(error: UpstreamError(.unavailable, "restarting")))
        }
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func threeFailuresInARowEndAFill() async throws {
        test.upstream.fail([.blob], with: UpstreamError(.unavailable, "down"))
        #expect(await test.error { _ = try await test.read(blob.digest) }?.code == .unavailable)
        #expect(test.upstream.counts[.blob] == 3)
    }

    @Test func anUpstreamThatLetsBytesFallInDropsEndsAFill() async throws {
        let drops = (1...100).map { TransferScript(breaksOffAt: $0) }
        for drop in drops { test.upstream.script(blob.digest, drop) }
        #expect(await test.error { _ = try await test.read(blob.digest) }?.code == .unavailable)
        let transfers = test.upstream.transfers(of: blob.digest)
        #expect(transfers == Array(0..<Int64(transfers.count)) && transfers.count < 20)
        // What has come is kept for the next, which goes on there.
        test.upstream.heal()
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == transfers + [Int64(transfers.count)])
    }

    @Test(arguments: [UpstreamError.Code.notFound, .denied, .rateLimited, .invalid])
    func whatAsksForNoSecondAttemptGetsNone(code: UpstreamError.Code) async throws {
        test.upstream.fail([.blob], with: UpstreamError(code, "no", retryAfter: .seconds(7)))
        let error = await test.error { _ = try await test.read(blob.digest) }
        #expect(error == MirrorError(code, "no", retryAfter: .seconds(7)))
        #expect(test.upstream.counts[.blob] == 1)
    }

    @Test(arguments: UpstreamError.Code.allCases)
    func aFailureIsAWarningUnlessUpstreamDoesNotHaveTheBlob(code: UpstreamError.Code) async {
        let log = RecordingSink()
        let test = MirrorUnderTest(logger: Logger(sink: log))
        test.upstream.fail(with: UpstreamError(code, "no"))
        let error = await test.error { _ = try await test.read(blob.digest) }
        #expect(error?.code == code)
        await test.mirror.stop()
        let message = "blob could not be fetched"
        let level = log.records.first { $0.message == message }?.level
        #expect(level == (code == .notFound ? .info : .warning))
    }

    @Test func whatUpstreamDoesNotHaveLeavesNothingOnDisk() async throws {
        let folder = try TemporaryFolder()
        let test = MirrorUnderTest(over: try FileSystemDriver(root: folder.path))
        test.upstream.add(SampleBlob("another"), to: .app)
        let error = await test.error { _ = try await test.read(blob.digest) }
        #expect(error?.code == .notFound)
        await test.mirror.stop()
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/~mirrord/unfinished"))
    }
}

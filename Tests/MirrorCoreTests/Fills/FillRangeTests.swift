import MirrorCore
import MirrorTesting
import Testing

/// Ranges of blobs that are missing, or still arriving.
@Suite struct FillRangeTests {
    private static let mebibyte: Int64 = 1 << 20
    private static let sample = SampleBlob(seed: 6, size: 24 * Self.mebibyte + 77)
    private let blob = Self.sample
    private let clock: ManualClock
    private let test: MirrorUnderTest

    init() {
        clock = ManualClock()
        test = MirrorUnderTest(clock: clock)
        test.upstream.add(blob, to: .app)
    }

    /// Opens the blob as a client that wants only ranges of it does.
    private func content(
        _ ranges: Range<Int64>..., in test: MirrorUnderTest? = nil
    ) async throws -> any ContentSource {
        let mirror = (test ?? self.test).mirror
        let content = try await mirror.blob(blob.digest, in: .app, demand: .ranges).content
        for range in ranges { content.expect(range) }
        return content
    }

    private func bytes(_ range: Range<Int64>, of content: any ContentSource) async throws -> [UInt8]
    {
        try await content.bytes(from: range.lowerBound, count: Int64(range.count))
    }

    @Test func aRangeInsideWhatHasArrivedIsReadAtOnce() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 2 * Self.mebibyte, checkpoint))
        _ = try await test.mirror.blob(blob.digest, in: .app)
        await checkpoint.untilReached()
        let range = 1000..<Self.mebibyte
        #expect(try await bytes(range, of: content(range)) == blob.bytes(in: range))
        #expect(test.upstream.transfers(of: blob.digest) == [0])
        checkpoint.open()
    }

    @Test func aRangeALittleAheadWaitsForTheFill() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 2 * Self.mebibyte, checkpoint))
        _ = try await test.mirror.blob(blob.digest, in: .app)
        await checkpoint.untilReached()
        let range = 4 * Self.mebibyte..<4 * Self.mebibyte + 10
        async let read = bytes(range, of: content(range))
        checkpoint.open()
        #expect(try await read == blob.bytes(in: range))
        #expect(test.upstream.transfers(of: blob.digest) == [0])
    }

    @Test func aRangeALittleAheadOfAFillThatStandsStillIsFetchedAllTheSame() async throws {
        let never = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 2 * Self.mebibyte, never))
        _ = try await test.mirror.blob(blob.digest, in: .app)
        await never.untilReached()
        let range = 4 * Self.mebibyte..<4 * Self.mebibyte + 10
        async let read = bytes(range, of: content(range))
        await clock.untilSleeping()
        clock.advance(by: .seconds(1))
        #expect(try await read == blob.bytes(in: range))
    }

    @Test func aRangeFarAheadIsFetchedInSmallBlocksAndNoByteComesTwice() async throws {
        let never = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 2 * Self.mebibyte, never))
        let whole = try await test.mirror.blob(blob.digest, in: .app).content
        await never.untilReached()
        let range = 20 * Self.mebibyte + 5..<20 * Self.mebibyte + 50
        #expect(try await bytes(range, of: content(range)) == blob.bytes(in: range))
        // The transfer that stands still is ended there, and another goes on as far as the block.
        #expect(try await whole.bytes() == blob.bytes)
        await test.mirror.stop()
        let block = 20 * Self.mebibyte..<20 * Self.mebibyte + 64 << 10
        #expect(
            test.upstream.ranges(of: blob.digest) == [
                0..<Int64.max, block, 2 * Self.mebibyte..<block.lowerBound,
                block.upperBound..<Int64.max,
            ])
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func aFillIsNotEndedForRangesThatUpstreamDoesNotSend() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(
            blob.digest, .holding(at: 2 * Self.mebibyte, checkpoint),
            TransferScript(ignoresOffset: true))
        let whole = try await test.mirror.blob(blob.digest, in: .app).content
        await checkpoint.untilReached()
        let range = 20 * Self.mebibyte..<20 * Self.mebibyte + 50
        async let read = bytes(range, of: content(range))
        while test.upstream.transfers(of: blob.digest).count < 2 { await Task.yield() }
        checkpoint.open()
        #expect(try await read == blob.bytes(in: range))
        #expect(try await whole.bytes() == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0, 20 * Self.mebibyte])
    }

    @Test func aBlobThatIsReadFromSeveralPlacesToItsEndIsOneTransfer() async throws {
        let starts = stride(from: 0, to: blob.size, by: Int(8 * Self.mebibyte))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in starts {
                group.addTask {
                    let read = try await test.read(blob.digest, from: start)
                    #expect(read == blob.bytes(in: start..<blob.size))
                }
            }
            try await group.waitForAll()
        }
        #expect(test.upstream.ranges(of: blob.digest) == [0..<Int64.max])
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func manyRangesOfAMissingBlobCostEachByteOnce() async throws {
        let starts = stride(from: 23 * Self.mebibyte, to: 0, by: Int(-2 * Self.mebibyte))
        let ranges = starts.map { $0 + 9..<$0 + Self.mebibyte }
        let content = try await content()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for range in ranges + ranges {
                group.addTask {
                    content.expect(range)
                    let read = try await bytes(range, of: content)
                    #expect(read == blob.bytes(in: range))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await content.bytes() == blob.bytes)
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func aRangeOfAMissingBlobDoesNotWaitForTheLayer() async throws {
        let never = Checkpoint()
        let last = blob.size - 100..<blob.size - 1
        test.upstream.script(blob.digest, .holding(at: 0, never), .holding(at: 0, never))
        let content = try await content()
        content.expect(last)
        #expect(try await bytes(last, of: content) == blob.bytes(in: last))
        never.open()
    }

    @Test func theRestOfALazilyPulledBlobIsCompletedBehindTheClient() async throws {
        let range = 12 * Self.mebibyte..<12 * Self.mebibyte + 1
        _ = try await bytes(range, of: content(range))
        while try await test.storage.stat(.data(blob.digest)) == nil { await Task.yield() }
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func theLastByteOfARangeAtTheEndWaitsForTheDigest() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(
            blob.digest, .holding(at: 0, checkpoint), .holding(at: 0, checkpoint))
        let content = try await content()
        let last = blob.size - 1..<blob.size
        async let byte = bytes(last, of: content)
        await checkpoint.untilReached()
        checkpoint.open()
        #expect(try await byte == blob.bytes(in: last))
        #expect(try await test.mirror.blob(blob.digest, in: .app).status != .miss)
    }

    @Test func anUpstreamThatSendsBlobsWholeOnlyIsReadToItsEndOnce() async throws {
        let whole = TransferScript(ignoresOffset: true)
        test.upstream.script(blob.digest, whole, whole, whole)
        let range = 20 * Self.mebibyte..<20 * Self.mebibyte + 50
        #expect(try await bytes(range, of: content(range)) == blob.bytes(in: range))
        while try await test.storage.stat(.data(blob.digest)) == nil { await Task.yield() }
        await test.mirror.stop()
        // At most one transfer for the range, which was no use, and one for all.
        #expect(test.upstream.ranges(of: blob.digest).count <= 2)
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func aFlippedByteInARangeNeverMakesABlob() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(
            blob.digest, .holding(at: 2 * Self.mebibyte, checkpoint),
            TransferScript(flippedAt: 20 * Self.mebibyte + 3),
            .holding(at: 2 * Self.mebibyte, checkpoint))
        let whole = try await test.mirror.blob(blob.digest, in: .app).content
        await checkpoint.untilReached()
        let range = 20 * Self.mebibyte..<20 * Self.mebibyte + 50
        _ = try await bytes(range, of: content(range))
        checkpoint.open()
        let error = await test.error { _ = try await whole.bytes() }
        #expect(error?.code == .invalid)
        #expect(try await test.storage.stat(.data(blob.digest)) == nil)
        #expect(try await test.read(blob.digest) == blob.bytes)
    }

    @Test func aKilledFillWithGapsGoesOnFromItsMap() async throws {
        let folder = try TemporaryFolder()
        let checkpoint = Checkpoint()
        let first = MirrorUnderTest(
            upstream: test.upstream, over: try FileSystemDriver(root: folder.path))
        // The first transfer is ended for the range; the one that goes on is held as well.
        let held = TransferScript.holding(at: 2 * Self.mebibyte, checkpoint)
        test.upstream.script(blob.digest, held, TransferScript(), held)
        let whole = try await first.mirror.blob(blob.digest, in: .app).content
        await checkpoint.untilReached()
        let range = 20 * Self.mebibyte..<20 * Self.mebibyte + 50
        _ = try await bytes(range, of: content(range, in: first))
        while try await !trace(of: first).contains("20971520-21037056") { await Task.yield() }
        await first.mirror.stop()
        withExtendedLifetime(whole) {}
        let second = MirrorUnderTest(
            upstream: test.upstream, over: try FileSystemDriver(root: folder.path))
        #expect(try await second.read(blob.digest) == blob.bytes)
        await second.mirror.stop()
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
        #expect(try await trace(of: second).isEmpty)
    }

    /// A clock on which time passes with each look at it.
    private struct PassingClock: TimeSource {
        let base = ManualClock()

        var now: WallTime {
            base.advance(by: .milliseconds(10))
            return base.now
        }

        func sleep(until deadline: WallTime) async throws(CancellationError) {
            try await base.sleep(until: deadline)
        }
    }

    @Test func aKillLosesLittleOfALongRangeOnItsWay() async throws {
        let test = MirrorUnderTest(upstream: test.upstream, clock: PassingClock())
        let (never, halfway) = (Checkpoint(), Checkpoint())
        let held = TransferScript.holding(at: 2 * Self.mebibyte, never)
        test.upstream.script(
            blob.digest, held, .holding(at: 16 * Self.mebibyte, halfway), held)
        _ = try await test.mirror.blob(blob.digest, in: .app)
        await never.untilReached()
        try await content(in: test).expect(12 * Self.mebibyte..<20 * Self.mebibyte)
        await halfway.untilReached()
        let last = try await trace(of: test).split(separator: "\n").last
        let words = try #require(last).split(separator: " ")
        #expect(words[3] == "0-\(2 * Self.mebibyte)")
        let ends = words[4].split(separator: "-").compactMap { Int64($0) }
        #expect(ends[0] == 12 * Self.mebibyte)
        #expect(16 * Self.mebibyte - ends[1] < 256 << 10)
    }

    /// What is written beside the unfinished blob.
    private func trace(of test: MirrorUnderTest) async throws -> String {
        let key = StorageKey.made("mirrord/fills/sha256/\(blob.digest.hex).trace")
        guard let object = try await test.storage.unfinished(at: key), object.size > 0 else {
            return ""
        }
        return String(decoding: try await object.read(at: 0, limit: 1 << 20), as: UTF8.self)
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// Blobs that a mirror goes on with by itself.
@Suite(.timeLimit(.minutes(10))) struct FillRecoveryTests {
    private static let fills = StorageKey.made("mirrord/fills/sha256")
    private let blob = SampleBlob(seed: 50, size: 200_000)
    private let upstream = ScriptedFetcher()
    private let clock = ManualClock()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        upstream.add(blob, to: .app)
    }

    private func makeMirror() throws -> MirrorUnderTest {
        MirrorUnderTest(
            upstream: upstream, over: try FileSystemDriver(root: folder.path), clock: clock)
    }

    /// Leaves blobs unfinished at byte 100,000, as a mirror does that ends in the middle.
    private func leave(_ blobs: SampleBlob...) async throws {
        let test = try makeMirror()
        for blob in blobs {
            let checkpoint = Checkpoint()
            upstream.add(blob, to: .app)
            upstream.script(blob.digest, .holding(at: 100_000, checkpoint))
            let content = try await test.mirror.blob(blob.digest, in: .app).content
            #expect(try await content.bytes(count: 99_999).count == 99_999)
        }
        await test.mirror.stop()
        upstream.resetCounts()
    }

    private func untilStored(_ blob: SampleBlob, by test: MirrorUnderTest) async throws {
        while try await test.mirror.blobInfo(blob.digest, in: .app).status != .hit {
            await Task.yield()
        }
    }

    private func untilNothingIsLeft(by test: MirrorUnderTest) async throws {
        while try await !left(by: test).isEmpty { await Task.yield() }
    }

    private func left(by test: MirrorUnderTest) async throws -> [String] {
        try await test.storage.listUnfinished(Self.fills, after: nil, limit: 100).map(\.name)
    }

    private func isStored(_ blob: SampleBlob, by test: MirrorUnderTest) async throws -> Bool {
        try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes
    }

    // MARK: Taking up

    @Test func theNextMirrorGoesOnBehindTheClients() async throws {
        try await leave(blob)
        let test = try makeMirror()
        #expect(try await left(by: test).count == 2)
        test.mirror.start()
        try await untilNothingIsLeft(by: test)
        #expect(try await isStored(blob, by: test))
        #expect(upstream.ranges(of: blob.digest) == [100_000..<Int64.max])
        #expect(upstream.byteCount(of: blob.digest) == 100_000)
        #expect(upstream.priorities(of: .blob) == [.background])
        #expect(try await test.mirror.blob(blob.digest, in: .app).status == .hit)
        await test.mirror.stop()
    }

    @Test func aClientThatJoinsMakesItLive() async throws {
        try await leave(blob)
        let checkpoint = Checkpoint()
        upstream.script(
            blob.digest, TransferScript(hold: (150_000, checkpoint), breaksOffAt: 170_000))
        let test = try makeMirror()
        test.mirror.start()
        await checkpoint.untilReached()
        let answer = try await test.mirror.blob(blob.digest, in: .app)
        #expect(answer.status == .coalesced)
        async let bytes = answer.content.bytes()
        checkpoint.open()
        // The pause after the break.
        while upstream.transfers(of: blob.digest).count < 2 {
            clock.advance(by: .seconds(1))
            await Task.yield()
        }
        #expect(try await bytes == blob.bytes)
        #expect(upstream.priorities(of: .blob) == [.background, .live])
        await test.mirror.stop()
    }

    @Test func aClientThatJoinsDoesNotWaitBehindOthers() async throws {
        try await leave(blob)
        let checkpoint = Checkpoint()
        // What stands behind others stands there for as long as they want.
        upstream.hold(.blob, at: checkpoint)
        let test = try makeMirror()
        test.mirror.start()
        await checkpoint.untilReached()
        #expect(upstream.priorities(of: .blob) == [.background])
        async let bytes = test.read(blob.digest)
        while upstream.priorities(of: .blob).count < 2 { await Task.yield() }
        #expect(upstream.priorities(of: .blob) == [.background, .live])
        checkpoint.open()
        #expect(try await bytes == blob.bytes)
        await test.mirror.stop()
    }

    @Test func noMoreThanTwoAreFetchedAtOnce() async throws {
        let others = (0..<3).map { SampleBlob(seed: UInt64(60 + $0), size: 150_000) }
        try await leave(blob, others[0], others[1], others[2])
        let checkpoint = Checkpoint()
        upstream.hold(.blob, at: checkpoint)
        let test = try makeMirror()
        test.mirror.start()
        while upstream.counts[.blob] != 2 { await Task.yield() }
        for _ in 0..<200 { await Task.yield() }
        #expect(upstream.counts[.blob] == 2)
        checkpoint.open()
        try await untilNothingIsLeft(by: test)
        for blob in [blob] + others { #expect(try await isStored(blob, by: test)) }
        await test.mirror.stop()
    }

    @Test func anUpstreamThatIsDownIsAskedAgainLater() async throws {
        try await leave(blob)
        upstream.fail([.blobInfo], with: UpstreamError(.unavailable, "down"), count: 2)
        let test = try makeMirror()
        test.mirror.start()
        // After a minute, and after two more; the rest of the background work sleeps as well.
        for pause in [60, 120] {
            await clock.untilSleeping(3)
            #expect(try await left(by: test).count == 2)
            clock.advance(by: .seconds(pause))
        }
        try await untilNothingIsLeft(by: test)
        #expect(try await isStored(blob, by: test))
        await test.mirror.stop()
    }

    @Test func anUpstreamThatIsKnownToBeDownIsSpared() async throws {
        try await leave(blob)
        upstream.expect(.closed)
        let test = try makeMirror()
        test.mirror.start()
        await clock.untilSleeping(3)
        #expect(upstream.callCount == 0)
        #expect(try await left(by: test).count == 2)
        await test.mirror.stop()
    }

    @Test func whatUpstreamBrokeOffIsGoneOnWithByTheSameMirror() async throws {
        upstream.script(blob.digest, TransferScript(breaksOffAt: 100_000))
        let test = try makeMirror()
        test.mirror.start()
        await clock.untilSleeping(2)
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        upstream.fail([.blob], with: UpstreamError(.denied, "no token"), count: 2)
        async let error = test.error { _ = try await content.bytes() }
        while upstream.transfers(of: blob.digest).count < 3 {
            clock.advance(by: .seconds(1))
            await Task.yield()
        }
        #expect(await error?.code == .denied)
        await clock.untilSleeping(3)
        clock.advance(by: .seconds(60))
        try await untilNothingIsLeft(by: test)
        #expect(try await isStored(blob, by: test))
        #expect(upstream.byteCount(of: blob.digest) == blob.size)
        await test.mirror.stop()
    }

    // MARK: Removing

    @Test func whatUpstreamHasNoMoreIsRemoved() async throws {
        try await leave(blob)
        upstream.remove(.app)
        let test = try makeMirror()
        test.mirror.start()
        try await untilNothingIsLeft(by: test)
        #expect(try await test.storage.stat(.data(blob.digest)) == nil)
        await test.mirror.stop()
    }

    @Test func whatNobodyHasGoneOnWithForADayIsRemoved() async throws {
        try await leave(blob)
        clock.advance(by: .seconds(168 * 3600))
        let test = try makeMirror()
        test.mirror.start()
        try await untilNothingIsLeft(by: test)
        #expect(upstream.callCount == 0)
        await test.mirror.stop()
    }

    @Test func whatNamesNoRepositoryIsRemoved() async throws {
        let test = try makeMirror()
        let upload = try await test.storage.upload(at: Self.fills.child(blob.digest.hex))
        try await upload.append(blob.bytes(in: 0..<100_000))
        await upload.suspend()
        let name = "\(SampleBlob("orphan").digest.hex).trace"
        let trace = try await test.storage.upload(at: Self.fills.child(name))
        try await trace.append(Array("1700000000 library/app\n".utf8))
        await trace.suspend()
        test.mirror.start()
        try await untilNothingIsLeft(by: test)
        #expect(upstream.callCount == 0)
        await test.mirror.stop()
    }

    // MARK: Several processes

    @Test func whatAnotherIsAtWorkOnIsLeftAlone() async throws {
        try await leave(blob)
        let other = try FileSystemDriver(root: folder.path)
        let upload = try await other.upload(at: Self.fills.child(blob.digest.hex))
        let test = try makeMirror()
        test.mirror.start()
        await clock.untilSleeping(3)
        #expect(upstream.callCount == 0)
        #expect(upload.size == 100_000)
        #expect(try await left(by: test).count == 2)
        await test.mirror.stop()
        await upload.suspend()
    }

    @Test func twoThatStartTogetherFetchTheRestOnce() async throws {
        try await leave(blob)
        let tests = [try makeMirror(), try makeMirror()]
        for test in tests { test.mirror.start() }
        try await untilNothingIsLeft(by: tests[0])
        #expect(upstream.byteCount(of: blob.digest) == 100_000)
        #expect(try await isStored(blob, by: tests[1]))
        for test in tests { await test.mirror.stop() }
    }

    @Test func aStopLeavesItToTheNext() async throws {
        try await leave(blob)
        let checkpoint = Checkpoint()
        upstream.script(blob.digest, .holding(at: 150_000, checkpoint))
        let first = try makeMirror()
        first.mirror.start()
        await checkpoint.untilReached()
        await first.mirror.stop()
        let second = try makeMirror()
        second.mirror.start()
        try await untilNothingIsLeft(by: second)
        #expect(upstream.transfers(of: blob.digest) == [100_000, 150_000])
        #expect(try await isStored(blob, by: second))
        await second.mirror.stop()
    }

    // MARK: Links

    @Test func aBlobThatCouldNotBeLinkedIsLinkedLater() async throws {
        let test = try makeMirror()
        test.storage.fail(
            StorageFault(.outOfSpace, on: [.put], below: .made("docker/registry/v2/repositories")))
        #expect(try await test.read(blob.digest) == blob.bytes)
        await test.mirror.stop()
        upstream.resetCounts()
        let next = try makeMirror()
        next.mirror.start()
        try await untilNothingIsLeft(by: next)
        #expect(try await next.mirror.blob(blob.digest, in: .app).status == .hit)
        #expect(upstream.callCount == 0)
        await next.mirror.stop()
    }

    @Test func aBlobOnItsWayLeavesNothingBehind() async throws {
        let test = try makeMirror()
        #expect(try await test.read(blob.digest) == blob.bytes)
        await test.mirror.stop()
        #expect(try await left(by: test).isEmpty)
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// Fills that wait since as many as may be are under way.
@Suite(.timeLimit(.minutes(10))) struct FillLimitTests {
    private let blobs = (0..<4).map { SampleBlob(seed: UInt64(20 + $0), size: 10_000) }
    private let clock = ManualClock()
    private let test: MirrorUnderTest
    /// Where the first blob is held in the middle.
    private let checkpoint = Checkpoint()

    init() {
        var limits = CacheLimits()
        limits.fills = 1
        test = MirrorUnderTest(limits: limits, clock: clock)
        for blob in blobs { test.upstream.add(blob, to: .app) }
        test.upstream.script(blobs[0].digest, .holding(at: 5_000, checkpoint))
    }

    @Test func aFillBeyondTheLimitWaitsForItsTurn() async throws {
        async let first = test.read(blobs[0].digest)
        await checkpoint.untilReached()
        async let second = test.read(blobs[1].digest)
        await clock.untilSleeping()
        #expect(test.upstream.transfers(of: blobs[1].digest).isEmpty)
        checkpoint.open()
        #expect(try await first == blobs[0].bytes)
        #expect(try await second == blobs[1].bytes)
    }

    @Test func theyHaveTheirTurnsInOrder() async throws {
        async let first = test.read(blobs[0].digest)
        await checkpoint.untilReached()
        async let second = test.read(blobs[1].digest)
        await clock.untilSleeping(1)
        let next = Checkpoint()
        test.upstream.script(blobs[1].digest, .holding(at: 0, next))
        async let third = test.read(blobs[2].digest)
        await clock.untilSleeping(2)
        checkpoint.open()
        await next.untilReached()
        #expect(test.upstream.transfers(of: blobs[2].digest).isEmpty)
        next.open()
        #expect(try await [first, second, third] == blobs[..<3].map(\.bytes))
    }

    @Test func whoeverWaitsForTooLongIsToldWhenToAskAgain() async throws {
        async let first = test.read(blobs[0].digest)
        await checkpoint.untilReached()
        async let error = test.error { _ = try await test.read(blobs[1].digest) }
        await clock.untilSleeping()
        clock.advance(by: .seconds(10))
        #expect(await error?.code == .unavailable)
        #expect(await error?.retryAfter == .seconds(10))
        #expect(test.upstream.transfers(of: blobs[1].digest).isEmpty)
        checkpoint.open()
        #expect(try await first == blobs[0].bytes)
        #expect(try await test.read(blobs[1].digest) == blobs[1].bytes)
    }

    @Test func whoJoinsAFillUnderWayNeedsNoTurn() async throws {
        async let first = test.read(blobs[0].digest)
        await checkpoint.untilReached()
        let content = try await test.mirror.blob(blobs[0].digest, in: .app).content
        #expect(try await content.bytes(count: 4_000) == blobs[0].bytes(in: 0..<4_000))
        checkpoint.open()
        #expect(try await first == blobs[0].bytes)
    }
}

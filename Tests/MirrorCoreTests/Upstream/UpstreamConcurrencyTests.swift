import MirrorCore
import MirrorTesting
import Testing

/// How many requests run at once.
@Suite(.timeLimit(.minutes(10))) struct UpstreamConcurrencyTests {
    private func makeTest(_ concurrency: Int) -> BudgetUnderTest {
        var limits = UpstreamLimits()
        limits.concurrency = concurrency
        return BudgetUnderTest(limits)
    }

    private func open(_ test: BudgetUnderTest) async throws -> any BlobDownload {
        try await test.budgeted.blob(test.blob.digest, in: .app, from: 0)
    }

    private func readToEnd(_ download: any BlobDownload) async throws {
        while try await download.next() != nil {}
    }

    @Test func noMoreQuestionsThanAllowedRunAtOnce() async {
        let test = makeTest(3)
        let checkpoint = Checkpoint()
        test.upstream.hold(.resolve, at: checkpoint)
        await withTaskGroup(of: UpstreamError?.self) { group in
            for _ in 0..<10 { group.addTask { await test.error(.resolve) } }
            // Who waits for a slot has set itself a time.
            await test.clock.untilSleeping(7)
            #expect(test.upstream.counts == [.resolve: 3])
            checkpoint.open()
            for await error in group { #expect(error == nil) }
        }
        #expect(test.upstream.counts == [.resolve: 10])
        #expect(test.clock.sleeperCount == 0)
    }

    /// What ends a download, as one who reads it does.
    static let endings: [(String, @Sendable (any BlobDownload) async throws -> Void)] = [
        ("its last byte", { download in while try await download.next() != nil {} }),
        ("cancel", { download in download.cancel() }),
        ("cancel twice", { download in for _ in 0..<2 { download.cancel() } }),
        ("letting go of it", { _ in }),
    ]

    @Test(arguments: endings.indices)
    func aDownloadHoldsItsSlotUntil(ending index: Int) async throws {
        let test = makeTest(1)
        var download: (any BlobDownload)? = try await open(test)
        _ = try await download?.next()
        async let waiting = test.error(.resolve)
        await test.clock.untilSleeping()
        #expect(test.upstream.counts[.resolve] == nil)
        if let open = download {
            download = nil
            try await Self.endings[index].1(open)
        }
        #expect(await waiting == nil)
        #expect(test.upstream.counts[.resolve] == 1)
    }

    @Test func aDownloadThatBreaksGivesItsSlotBack() async throws {
        let test = makeTest(1)
        test.upstream.script(test.blob.digest, TransferScript(breaksOffAt: 100))
        let download = try await open(test)
        await #expect(throws: UpstreamError.self) { try await readToEnd(download) }
        #expect(await test.error(.resolve) == nil)
    }

    @Test(arguments: ScriptedFetcher.Operation.allCases)
    func aQuestionThatFailsGivesItsSlotBack(_ operation: ScriptedFetcher.Operation) async {
        let test = makeTest(1)
        test.upstream.fail([operation], with: UpstreamError(.denied, "no"), count: 1)
        #expect(await test.error(operation)?.code == .denied)
        #expect(await test.error(.resolve) == nil)
    }

    @Test func clientsAreServedBeforeWhatNobodyWaitsFor() async throws {
        let test = makeTest(1)
        let download = try await open(test)
        async let background = UpstreamPriority.$current.withValue(.background) {
            await test.error(.manifest)
        }
        await test.clock.untilSleeping(1)
        let checkpoint = Checkpoint()
        test.upstream.hold(.resolve, at: checkpoint)
        async let live = test.error(.resolve)
        await test.clock.untilSleeping(2)
        download.cancel()
        await checkpoint.untilReached()
        #expect(test.upstream.counts[.manifest] == nil)
        checkpoint.open()
        #expect(await live == nil)
        #expect(await background == nil)
    }

    @Test func downloadsLeaveRoomForAQuestion() async throws {
        let test = makeTest(2)
        let download = try await open(test)
        async let second = test.error(.blob)
        await test.clock.untilSleeping()
        #expect(await test.error(.resolve) == nil)
        download.cancel()
        #expect(await second == nil)
    }

    @Test(arguments: [(UpstreamPriority.live, Int64(10)), (.background, 300)])
    func nobodyWaitsForASlotForEver(priority: UpstreamPriority, seconds: Int64) async throws {
        let test = makeTest(1)
        let download = try await open(test)
        async let late = UpstreamPriority.$current.withValue(priority) {
            await test.error(.resolve)
        }
        await test.clock.untilSleeping()
        #expect(test.clock.deadlines == [test.clock.now + .seconds(seconds)])
        test.clock.advance(by: .seconds(seconds))
        #expect(await late?.code == .unavailable)
        #expect(test.upstream.counts[.resolve] == nil)
        // It is not served later in place of another.
        download.cancel()
        #expect(await test.error(.resolve) == nil)
    }

    @Test func whoLeavesTheLineTakesNobodysSlot() async throws {
        let test = makeTest(1)
        let download = try await open(test)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { #expect(await test.error(.resolve)?.code == .unavailable) }
            await test.clock.untilSleeping()
            group.cancelAll()
        }
        download.cancel()
        #expect(await test.error(.resolve) == nil)
        #expect(test.upstream.counts[.resolve] == 1)
    }

    @Test func nobodyWaitsForASlotOnlyToBeRefused() async throws {
        let test = makeTest(1)
        test.upstream.fail(
            [.manifest], with: UpstreamError(.rateLimited, "429", retryAfter: .seconds(9)),
            count: 1)
        #expect(await test.error(.manifest) != nil)
        let download = try await open(test)
        #expect(await test.error(.manifest)?.retryAfter == .seconds(9))
        download.cancel()
    }

    @Test func whatIsRefusedWhileItWaitsIsNotAsked() async throws {
        let test = makeTest(1)
        let checkpoint = Checkpoint()
        test.upstream.hold(.manifest, at: checkpoint)
        test.upstream.fail(
            [.manifest], with: UpstreamError(.rateLimited, "429", retryAfter: .seconds(60)))
        async let first = test.error(.manifest)
        await checkpoint.untilReached()
        async let second = test.error(.manifest)
        await test.clock.untilSleeping()
        checkpoint.open()
        #expect(await first?.code == .rateLimited)
        #expect(await second?.code == .rateLimited)
        #expect(test.upstream.counts == [.manifest: 1])
    }
}

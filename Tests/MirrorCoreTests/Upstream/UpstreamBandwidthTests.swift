import MirrorCore
import MirrorTesting
import Testing

/// How fast the bytes of blobs pass.
@Suite(.timeLimit(.minutes(10))) struct UpstreamBandwidthTests {
    private let test: BudgetUnderTest
    private let blob = SampleBlob(seed: 5, size: 40_000)

    init() {
        var limits = UpstreamLimits()
        limits.bandwidth = 1000
        test = BudgetUnderTest(limits)
        test.upstream.add(blob, to: .app)
    }

    private func open() async throws -> any BlobDownload {
        try await test.budgeted.blob(blob.digest, in: .app, from: 0)
    }

    @Test func aBlobTakesAsLongAsItsBytesDo() async throws {
        let download = try await open()
        let start = test.clock.now
        async let received = {
            var count = 0
            while let block = try await download.next() { count += block.count }
            return count
        }()
        for _ in 1..<10 {
            await test.clock.untilSleeping()
            test.clock.advanceToNextDeadline()
        }
        #expect(try await received == 40_000)
        // The first block passes at once; each further one waits until those before are paid.
        let lastBlock: Int64 = 40_000 % 4_093
        let paid = 40_000 - lastBlock - 1000
        #expect(test.clock.now - start == .milliseconds(paid))
    }

    @Test func nothingMoreIsAskedForWhileBytesWait() async throws {
        let download = try await open()
        _ = try await download.next()
        async let second = download.next()
        await test.clock.untilSleeping()
        #expect(test.upstream.byteCount(of: blob.digest) == 2 * 4_093)
        test.clock.advanceToNextDeadline()
        #expect(try await second?.count == 4_093)
    }

    @Test func whatNobodyWaitsForStandsBackForClients() async throws {
        let (live, background) = (try await open(), try await open())
        _ = try await live.next()
        async let standing = UpstreamPriority.$current.withValue(.background) {
            try await background.next()?.count
        }
        await test.clock.untilSleeping(1)
        let first = test.clock.deadlines[0]
        #expect(first - test.clock.now == .milliseconds(3_093))
        async let second = live.next()?.count
        await test.clock.untilSleeping(2)
        #expect(test.clock.deadlines == [first, first])
        test.clock.set(to: first)
        #expect(try await second == 4_093)
        // The client's bytes come first; what stood back now waits for these to be paid too.
        await test.clock.untilSleeping(1)
        #expect(test.clock.deadlines == [first + .milliseconds(4_093)])
        test.clock.advanceToNextDeadline()
        #expect(try await standing == 4_093)
    }

    @Test func whatNobodyWaitsForIsOvertakenForTenSecondsOnly() async throws {
        let downloads = [try await open(), try await open(), try await open(), try await open()]
        let background = try await open()
        let start = test.clock.now
        try await withThrowingTaskGroup(of: Int?.self) { group in
            _ = try await downloads[0].next()
            for download in downloads { group.addTask { try await download.next()?.count } }
            await test.clock.untilSleeping(4)
            group.addTask {
                try await UpstreamPriority.$current.withValue(.background) {
                    try await background.next()?.count
                }
            }
            await test.clock.untilSleeping(5)
            #expect(test.clock.deadlines.contains(start + .seconds(10)))
            test.clock.set(to: start + .seconds(10))
            // What clients had asked for by then is paid before; what they ask for now is not.
            let due = start + .milliseconds(5 * 4_093 - 1000)
            await until { test.clock.deadlines.last == due }
            test.clock.set(to: due)
            for try await count in group { #expect(count == 4_093) }
        }
    }

    @Test func aDownloadThatIsCancelledWhileItWaitsFails() async throws {
        let download = try await open()
        _ = try await download.next()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: UpstreamError.self) { _ = try await download.next() }
            }
            await test.clock.untilSleeping()
            group.cancelAll()
        }
        #expect(test.clock.sleeperCount == 0)
    }

    @Test func questionsAreNotSlowed() async throws {
        let download = try await open()
        _ = try await download.next()
        for operation in ScriptedFetcher.Operation.allCases { try await test.ask(operation) }
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// What is counted of the way to an upstream.
@Suite struct UpstreamMetricsTests {
    private let asked = "mirrord_upstream_requests_total"

    @Test func questionsAreCountedByKindAndByWhatCameOfThem() async throws {
        let test = BudgetUnderTest()
        for operation: ScriptedFetcher.Operation in [.resolve, .resolve, .manifest, .tags] {
            try await test.ask(operation)
        }
        #expect(test.budgeted.count(asked, "main", "check", "answered") == 2)
        #expect(test.budgeted.count(asked, "main", "pull", "answered") == 1)
        #expect(test.budgeted.count(asked, "main", "list", "answered") == 1)
        let times = "mirrord_upstream_request_duration_seconds"
        #expect(test.budgeted.count(times, "main", "check") == 2)
        test.upstream.fail([.blobInfo], with: UpstreamError(.denied, "no"), count: 1)
        _ = await test.error(.blobInfo)
        #expect(test.budgeted.count(asked, "main", "blob", "denied") == 1)
        #expect(test.budgeted.count("mirrord_upstream_requests_in_flight", "main") == 0)
    }

    @Test func aQuestionUnderWayIsInFlight() async throws {
        let test = BudgetUnderTest()
        let checkpoint = Checkpoint()
        test.upstream.hold(.resolve, at: checkpoint)
        async let question: Void = test.ask(.resolve)
        await checkpoint.untilReached()
        #expect(test.budgeted.count("mirrord_upstream_requests_in_flight", "main") == 1)
        checkpoint.open()
        try await question
        #expect(test.budgeted.count("mirrord_upstream_requests_in_flight", "main") == 0)
    }

    @Test func whatIsHeldBackIsCountedAsThat() async throws {
        let test = BudgetUnderTest()
        test.upstream.fail(
            [.resolve], with: UpstreamError(.rateLimited, "slow", retryAfter: .seconds(60)),
            count: 1)
        for _ in 0..<3 { _ = await test.error(.resolve) }
        #expect(test.budgeted.count(asked, "main", "check", "rate_limited") == 1)
        #expect(test.budgeted.count(asked, "main", "check", "held_back") == 2)
    }

    @Test func bytesOfManifestsAndBlobsAreCountedAsTheyCome() async throws {
        let test = BudgetUnderTest()
        try await test.ask(.manifest)
        let download = try await test.budgeted.blob(test.blob.digest, in: .app, from: 0)
        while try await download.next() != nil {}
        let received = "mirrord_upstream_received_bytes_total"
        let size = Int64(test.image.manifest.bytes.count)
        #expect(test.budgeted.count(received, "main", "manifest") == size)
        #expect(test.budgeted.count(received, "main", "blob") == test.blob.size)
        #expect(
            test.budgeted.count("registry_proxy_pulled_bytes_total", "blob") == test.blob.size)
    }

    @Test func whatTheUpstreamAllowsIsToldWhileItIsWorthSomething() {
        let test = BudgetUnderTest()
        let remaining = "mirrord_upstream_ratelimit_remaining"
        #expect(test.budgeted.count(remaining, "main") == nil)
        test.budget.didAnswer(
            as: .anonymous,
            stating: RateLimit(limit: 100, remaining: 76, window: .seconds(21_600)))
        #expect(test.budgeted.count(remaining, "main") == 76)
        #expect(test.budgeted.count("mirrord_upstream_ratelimit_limit", "main") == 100)
        #expect(test.budgeted.count("mirrord_upstream_ratelimit_window_seconds", "main") == 21_600)
        test.clock.advance(by: .seconds(21_600))
        #expect(test.budgeted.count(remaining, "main") == nil)
    }

    @Test func anUpstreamThatIsLeftAloneShows() async {
        let test = BudgetUnderTest()
        let circuit = "mirrord_upstream_circuit_open"
        #expect(test.budgeted.count(circuit, "main") == 0)
        for _ in 0..<3 { await test.waitInVain() }
        #expect(test.budgeted.count(circuit, "main") == 1)
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// Whether an upstream counts as one that answers.
@Suite struct SignOfLifeTests {
    private let test = BudgetUnderTest()

    private var isAnswering: Bool { test.budgeted.isAnswering(for: .app) }

    @Test func nobodyAnswersBeforeAnybodyWasAsked() {
        #expect(!isAnswering)
    }

    @Test(arguments: ScriptedFetcher.Operation.allCases)
    func whoAnsweredDoesForTenSeconds(_ operation: ScriptedFetcher.Operation) async throws {
        try await test.ask(operation)
        #expect(isAnswering)
        test.clock.advance(by: .seconds(10) - .nanoseconds(1))
        #expect(isAnswering)
        test.clock.advance(by: .nanoseconds(1))
        #expect(!isAnswering)
    }

    @Test func thatSomethingIsNotThereIsAnAnswer() async {
        test.upstream.fail([.blobInfo], with: UpstreamError(.notFound, "no"))
        #expect(await test.error(.blobInfo) != nil)
        #expect(isAnswering)
    }

    @Test(arguments: [UpstreamError.Code.unavailable, .rateLimited, .invalid])
    func whoFailedSinceDoesNot(_ code: UpstreamError.Code) async throws {
        try await test.ask(.resolve)
        test.upstream.fail([.blobInfo], with: UpstreamError(code, "no"), count: 1)
        #expect(await test.error(.blobInfo) != nil)
        #expect(!isAnswering)
        try await test.ask(.resolve)
        #expect(isAnswering)
    }

    @Test func thatSomethingIsDeniedShowsNothing() async throws {
        test.upstream.fail([.blobInfo], with: UpstreamError(.denied, "no"))
        #expect(await test.error(.blobInfo) != nil)
        #expect(!isAnswering)
        try await test.ask(.resolve)
        #expect(await test.error(.blobInfo) != nil)
        #expect(isAnswering)
    }

    @Test func bytesThatArriveShowIt() async throws {
        test.upstream.script(test.blob.digest, TransferScript(breaksOffAt: 2_000))
        let download = try await test.budgeted.blob(test.blob.digest, in: .app, from: 0)
        test.clock.advance(by: .seconds(20))
        #expect(!isAnswering)
        _ = try await download.next()
        #expect(isAnswering)
        await #expect(throws: UpstreamError.self) { while try await download.next() != nil {} }
        #expect(!isAnswering)
    }

    @Test func ofSeveralRegistriesEachDoesForItself() async throws {
        let silent = ScriptedFetcher()
        let router = UpstreamRouter(
            main: test.budgeted,
            others: [try #require(UpstreamName("ghcr.io")): BudgetedUpstream(silent)])
        try await test.ask(.resolve)
        #expect(router.isAnswering(for: .app))
        #expect(!router.isAnswering(for: .made("ghcr.io/library/app")))
    }
}

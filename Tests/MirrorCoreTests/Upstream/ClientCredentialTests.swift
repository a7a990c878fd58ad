import MirrorCore
import MirrorTesting
import Testing

/// What is done as a client, by that client's own credential.
@Suite(.timeLimit(.minutes(10))) struct ClientCredentialTests {
    private let ann = Self.client("ann")
    private let bob = Self.client("bob")
    private let blob = SampleBlob(seed: 9, size: 50_000)

    private static func client(_ name: String) -> ClientCredential {
        ClientCredential(identity: .client(name), secret: Secret(name), audience: "upstream")
    }

    @Test func allWorkForARequestIsDoneAsItsClient() async throws {
        let test = MirrorUnderTest()
        let image = SampleImage(seed: 9)
        test.upstream.add(image, to: .app, tag: .latest)
        try await ClientCredential.$current.withValue(ann) {
            _ = try await test.manifest(.tag(.latest))
            for blob in image.blobs { _ = try await test.read(blob.digest) }
        }
        #expect(Set(test.upstream.clients) == [ann.identity])
        test.upstream.resetCounts()
        _ = try await test.manifest(.tag(.latest))
        #expect(test.upstream.clients == [nil], "the next is done as whoever asks")
    }

    @Test func aFillThatOthersJoinIsDoneAsWhoBeganIt() async throws {
        let test = MirrorUnderTest()
        test.upstream.add(blob, to: .app)
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 10_000, checkpoint))
        let first = try await ClientCredential.$current.withValue(ann) {
            try await test.mirror.blob(blob.digest, in: .app).content
        }
        let second = try await ClientCredential.$current.withValue(bob) {
            try await test.mirror.blob(blob.digest, in: .app).content
        }
        checkpoint.open()
        #expect(try await first.bytes() == blob.bytes)
        #expect(try await second.bytes() == blob.bytes)
        #expect(Set(test.upstream.clients) == [ann.identity])
    }

    /// A blob that is passed on is fetched when its answer is under way.
    @Test(arguments: [StorageFault.readOnly, .fullAfter(bytes: 20_000)])
    func whatIsPassedOnIsFetchedAsTheClientToo(_ fault: StorageFault) async throws {
        let test = MirrorUnderTest()
        test.upstream.add(blob, to: .app)
        test.storage.fail(fault)
        let content = try await ClientCredential.$current.withValue(ann) {
            try await test.mirror.blob(blob.digest, in: .app).content
        }
        #expect(try await content.bytes() == blob.bytes)
        #expect(Set(test.upstream.clients) == [ann.identity])
    }

    @Test func whatOneClientIsRefusedIsNotHeldBackFromAnother() async throws {
        let test = BudgetUnderTest()
        let refusal = UpstreamError(.rateLimited, "429", retryAfter: .seconds(60))
        test.upstream.fail([.manifest], with: refusal, count: 1)
        await ClientCredential.$current.withValue(ann) {
            test.budget.didAnswer(as: ann.identity, stating: nil)
            #expect(await test.error(.manifest)?.code == .rateLimited)
            #expect(await test.error(.manifest)?.code == .rateLimited)
            #expect(test.outlook == .scarce)
        }
        #expect(test.upstream.counts == [.manifest: 1])
        try await ClientCredential.$current.withValue(bob) {
            #expect(test.outlook == .clear)
            try await test.ask(.manifest)
        }
        #expect(test.outlook == .clear)
        try await test.ask(.manifest)
    }

    @Test func aProbeOfADeadUpstreamIsTheMirrorsOwn() async {
        let test = BudgetUnderTest()
        await ClientCredential.$current.withValue(ann) {
            for _ in 0..<UpstreamLimits().failures { await test.waitInVain() }
        }
        #expect(test.outlook == .closed)
        test.upstream.resetCounts()
        await test.clock.untilSleeping()
        test.clock.advanceToNextDeadline()
        await until { test.outlook == .clear }
        #expect(test.upstream.clients == [nil])
    }

    @Test func anothersQuestionsCountAmongTheRequestsAndNotInTheAllowance() async throws {
        let test = BudgetUnderTest()
        let limited = UpstreamError(.rateLimited, "429", retryAfter: .seconds(60))
        await #expect(throws: limited) {
            try await test.budgeted.ask(forAnotherAbout: .app) { () throws(UpstreamError) in
                throw limited
            }
        }
        #expect(test.outlook == .clear)
        for _ in 0..<UpstreamLimits().failures { await test.waitInVain() }
        let error = await #expect(throws: UpstreamError.self) {
            try await test.budgeted.ask(forAnotherAbout: .app) { () throws(UpstreamError) in
                Issue.record("a dead upstream is not asked")
            }
        }
        #expect(error?.code == .unavailable)
    }
}

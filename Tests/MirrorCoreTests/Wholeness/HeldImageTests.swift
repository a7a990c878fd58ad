import MirrorCore
import MirrorTesting
import Testing

/// A manifest that is held is served only if its blobs are held, or can be had.
@Suite(.timeLimit(.minutes(10))) struct HeldImageTests {
    private let image = SampleImage(seed: 51)
    private let test = MirrorUnderTest(eviction: ImageScheduler(timeToLive: nil))

    init() {
        test.upstream.add(image, to: .app, tag: .latest)
    }

    private var digest: Digest { image.manifest.digest }
    private var byDigest: Reference { .digest(image.manifest.digest) }

    /// Fetches the manifest and some of its blobs, and forgets that upstream has answered.
    private func pull(blobCount: Int) async throws {
        _ = try await test.manifest(.tag(.latest))
        for blob in image.blobs.prefix(blobCount) { _ = try await test.read(blob.digest) }
        await test.mirror.stop()
        test.upstream.resetCounts()
        test.upstream.fallSilent()
    }

    private func error(_ reference: Reference) async -> MirrorError? {
        await test.error { _ = try await test.manifest(reference) }
    }

    // MARK: Whole

    @Test func thatWasPulledIsServedToAllWithUpstreamDownAndNobodyIsAsked() async throws {
        try await pull(blobCount: 3)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        for _ in 0..<3 {
            #expect(try await test.manifest(byDigest).status == .hit)
            for blob in image.blobs { #expect(try await test.read(blob.digest) == blob.bytes) }
        }
        #expect(test.upstream.callCount == 0)
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        #expect(test.upstream.counts == [.resolve: 1])
    }

    @Test func thatWasPulledIsServedByAMirrorThatStartsWithUpstreamDown() async throws {
        try await pull(blobCount: 3)
        let next = MirrorUnderTest(
            over: test.storage, eviction: ImageScheduler(timeToLive: nil))
        next.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await next.manifest(.tag(.latest)).status == .stale)
        #expect(try await next.manifest(byDigest).status == .hit)
        #expect(next.upstream.counts == [.resolve: 1])
    }

    @Test func thatTheReferenceFilledIsServedWithUpstreamDown() async throws {
        let directory = try ReferenceDirectory()
        try directory.add(image, to: .app, tag: "latest")
        let next = MirrorUnderTest(over: try directory.driver())
        next.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await next.manifest(.tag(.latest)).status == .stale)
        #expect(try await next.manifest(byDigest).status == .hit)
    }

    @Test func ofWhichTheReferenceLetALayerGoIsNot() async throws {
        let directory = try ReferenceDirectory()
        try directory.add(image, to: .app, tag: "latest")
        let driver = try directory.driver()
        try await driver.delete(.data(image.layers[0].digest))
        let next = MirrorUnderTest(over: driver)
        next.upstream.fail(with: UpstreamError(.unavailable, "down"))
        for reference in [Reference.tag(.latest), byDigest] {
            let error = await next.error { _ = try await next.manifest(reference) }
            #expect(error?.code == .unavailable)
        }
    }

    /// While upstream is there this is found out before it matters.
    @Test func thatIsInUseNeedsNoStorageWhenUpstreamGoesDown() async throws {
        try await pull(blobCount: 3)
        _ = try await test.manifest(.tag(.latest))
        _ = try await test.manifest(byDigest)
        test.upstream.fallSilent()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        test.storage.resetCounts()
        for _ in 0..<5 { #expect(try await test.manifest(byDigest).status == .hit) }
        #expect(test.storage.callCount == 0)
    }

    @Test func thatIsNotWholeIsNotLookedAtForEachRequestWhileUpstreamIsThere() async throws {
        try await pull(blobCount: 2)
        for _ in 0..<2 { _ = try await test.manifest(byDigest) }
        test.storage.resetCounts()
        for _ in 0..<5 { #expect(try await test.manifest(byDigest).status == .hit) }
        #expect(test.storage.callCount == 0)
    }

    // MARK: Not whole

    @Test(arguments: [
        UpstreamError.Code.unavailable, .rateLimited, .invalid, .denied,
    ])
    func isNotServedWhileUpstreamCannotSay(_ code: UpstreamError.Code) async throws {
        try await pull(blobCount: 2)
        test.upstream.fail(
            with: UpstreamError(code, "not today", retryAfter: .seconds(9)))
        let expected = MirrorError.Code.allCases.first { "\($0)" == "\(code)" }
        for reference in [byDigest, .tag(.latest)] {
            let error = await error(reference)
            #expect(error?.code == expected && error?.retryAfter == .seconds(9))
            for text in [digest.text, image.layers[1].digest.text, "is held", "not today"] {
                #expect(error?.reason.contains(text) == true)
            }
        }
    }

    @Test func isDescribedAllTheSame() async throws {
        try await pull(blobCount: 0)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        for reference in [byDigest, .tag(.latest)] {
            let answer = try await test.mirror.manifestDescriptor(reference, in: .app)
            #expect(answer.content == image.manifest.descriptor)
            let text = try await test.mirror.manifest(reference, in: .app, for: .text)
            #expect(text.content.bytes == image.manifest.bytes)
        }
        #expect(test.upstream.counts == [.resolve: 2])
    }

    @Test func isServedOnceUpstreamSaysThatItHasTheFirstBlobThatIsMissing() async throws {
        try await pull(blobCount: 1)
        #expect(try await test.manifest(byDigest).status == .hit)
        #expect(test.upstream.counts == [.blobInfo: 1])
    }

    @Test func isServedWithoutAQuestionWhileUpstreamIsAnswering() async throws {
        try await pull(blobCount: 0)
        _ = try await test.manifest(byDigest)
        test.upstream.resetCounts()
        for _ in 0..<5 { #expect(try await test.manifest(byDigest).status == .hit) }
        #expect(test.upstream.callCount == 0)
    }

    @Test func isServedWithoutAnotherQuestionWhereUpstreamHasConfirmedTheTag() async throws {
        try await pull(blobCount: 0)
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
        #expect(test.upstream.counts == [.resolve: 1])
    }

    @Test func isNotFoundWhereUpstreamDoesNotHaveABlobAnyMore() async throws {
        try await pull(blobCount: 2)
        test.upstream.remove(.app)
        test.upstream.add(image.config, to: .app)
        for reference in [byDigest, .tag(.latest)] {
            let error = await error(reference)
            #expect(error?.code == .notFound)
            #expect(error?.reason.contains("upstream does not have it") == true)
        }
    }

    @Test func isServedStaleWhereOnlyItsTagIsGone() async throws {
        try await pull(blobCount: 2)
        test.upstream.remove(.latest, from: .app)
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        #expect(test.upstream.counts == [.resolve: 1, .blobInfo: 1])
    }

    @Test func isServedAgainWhenUpstreamIsBack() async throws {
        try await pull(blobCount: 2)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(await error(byDigest) != nil)
        test.upstream.heal()
        #expect(try await test.manifest(byDigest).status == .hit)
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
    }

    // MARK: Not pulled from here

    @Test func ofWhichNobodyEverWantedABlobIsServedWithUpstreamDown() async throws {
        try await pull(blobCount: 0)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        for _ in 0..<2 {
            #expect(try await test.manifest(.tag(.latest)).status == .stale)
            #expect(try await test.manifest(byDigest).status == .hit)
        }
        #expect(test.upstream.counts == [.resolve: 2])
    }

    @Test(arguments: [true, false])
    func isNotServedAnyMoreOnceSomebodyWantedABlobInVain(byHead: Bool) async throws {
        try await pull(blobCount: 0)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let layer = image.layers[1].digest
        let failure = await test.error {
            if byHead {
                _ = try await test.mirror.blobInfo(layer, in: .app)
            } else {
                _ = try await test.read(layer)
            }
        }
        #expect(failure?.code == .unavailable)
        for reference in [byDigest, .tag(.latest)] {
            #expect(await error(reference)?.code == .unavailable)
        }
    }

    @Test func isServedAlsoWhereAnotherRepositoryHasItsBlobs() async throws {
        test.upstream.add(image, to: .other, tag: .latest)
        for blob in image.blobs.prefix(2) { _ = try await test.read(blob.digest, in: .other) }
        try await pull(blobCount: 0)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await test.manifest(byDigest).status == .hit)
    }

    // MARK: Questions

    @Test func manyWhoAskForItCostOneQuestion() async throws {
        try await pull(blobCount: 2)
        let checkpoint = Checkpoint()
        test.upstream.hold(.blobInfo, at: checkpoint)
        await withTaskGroup(of: MirrorError?.self) { group in
            for _ in 0..<40 {
                group.addTask { await error(.digest(image.manifest.digest)) }
            }
            await checkpoint.untilReached()
            checkpoint.open()
            for await error in group { #expect(error == nil) }
        }
        // Whoever comes after the answer finds upstream answering.
        #expect(test.upstream.counts == [.blobInfo: 1])
    }

    @Test func theQuestionIsAClients() async throws {
        try await pull(blobCount: 2)
        _ = try await test.manifest(byDigest)
        #expect(test.upstream.priorities(of: .blobInfo) == [.live])
    }

    /// One who has waited for the tag in vain is not to wait as long for a blob.
    @Test func whoeverWaitedForTheTagInVainIsToldAtOnce() async throws {
        try await pull(blobCount: 2)
        test.upstream.fail(with: UpstreamError(.unavailable, "no answer"))
        #expect(await error(.tag(.latest))?.code == .unavailable)
        #expect(test.upstream.counts == [.resolve: 1])
    }

    @Test func anUpstreamThatIsLeftAloneIsNotWaitedFor() async throws {
        let (upstream, clock) = (ScriptedFetcher(), ManualClock())
        upstream.add(image, to: .app, tag: .latest)
        let budgeted = BudgetedUpstream(upstream, time: clock, chance: { 1 })
        let mirror = RegistryMirror(
            storage: MemoryDriver(), upstream: budgeted, eviction: KeepingScheduler(),
            mayDelete: false, time: clock)
        _ = try await mirror.manifest(.tag(.latest), in: .app)
        for _ in 0..<3 {
            let checkpoint = Checkpoint()
            upstream.hold(.blobInfo, at: checkpoint)
            upstream.fail([.blobInfo], with: UpstreamError(.unavailable, "silence"), count: 1)
            async let answer = try? mirror.blobInfo(image.config.digest, in: .app)
            await checkpoint.untilReached()
            clock.advance(by: .seconds(10))
            checkpoint.open()
            _ = await answer
        }
        upstream.resetCounts()
        for reference in [byDigest, .tag(.latest)] {
            let error = await #expect(throws: MirrorError.self) {
                _ = try await mirror.manifest(reference, in: .app)
            }
            #expect(error?.code == .unavailable && error?.retryAfter == .seconds(1))
        }
        #expect(upstream.callCount == 0)
    }
}

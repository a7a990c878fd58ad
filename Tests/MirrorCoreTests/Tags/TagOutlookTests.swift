import MirrorCore
import MirrorTesting
import Testing

/// Tags while upstream is short of requests, or would not answer.
@Suite struct TagOutlookTests {
    private let old = SampleImage(seed: 41)
    private let new = SampleImage(seed: 42)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()

    /// A mirror that has the old image, with upstream at the new one already.
    private func makeMirror(
        _ freshness: FreshnessPolicy, tag: MirrorCore.Tag = .latest
    ) async throws -> MirrorUnderTest {
        upstream.add(old, to: .app, tag: tag)
        let test = MirrorUnderTest(upstream: upstream, freshness: freshness, clock: clock)
        _ = try await test.manifest(.tag(tag))
        upstream.add(new, to: .app, tag: tag)
        upstream.resetCounts()
        return test
    }

    @Test func aTagIsServedForLongerWhileRequestsAreScarceAndSaysSo() async throws {
        let test = try await makeMirror(FreshnessPolicy(scarceMaxAge: .seconds(600)))
        upstream.expect(.scarce)
        clock.advance(by: .seconds(599))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.digest == old.manifest.digest && answer.status == .stale)
        #expect(answer.age == .seconds(599))
        #expect(answer.warning == "this may not be current: upstream allows few more requests")
        #expect(upstream.callCount == 0)
    }

    @Test func aTagIsAskedForSeldomWhileRequestsAreScarceNotNever() async throws {
        let test = try await makeMirror(FreshnessPolicy(scarceMaxAge: .seconds(600)))
        upstream.expect(.scarce)
        clock.advance(by: .seconds(600))
        #expect(try await test.manifest(.tag(.latest)).content.digest == new.manifest.digest)
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        #expect(upstream.counts == [.resolve: 1, .manifest: 1])
    }

    @Test func aTagThatIsNotHeldIsAskedForThoughRequestsAreScarce() async throws {
        let test = try await makeMirror(FreshnessPolicy())
        upstream.add(new, to: .app, tag: .stable)
        upstream.expect(.scarce)
        #expect(try await test.manifest(.tag(.stable)).status == .miss)
    }

    @Test func aClosedUpstreamIsNotAskedForATagThatIsHeld() async throws {
        let test = try await makeMirror(FreshnessPolicy(staleIfError: .seconds(600)))
        upstream.expect(.closed)
        clock.advance(by: .seconds(599))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.digest == old.manifest.digest && answer.status == .stale)
        #expect(answer.age == .seconds(599))
        #expect(answer.warning == "this may not be current: upstream cannot be asked now")
        let head = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        #expect(head.age == .seconds(599) && head.warning == answer.warning)
        #expect(upstream.callCount == 0)
    }

    @Test func aTagTooOldToBeServedStaleIsAskedForThoughUpstreamIsClosed() async throws {
        let test = try await makeMirror(FreshnessPolicy(staleIfError: .seconds(600)))
        upstream.expect(.closed)
        upstream.fail(with: UpstreamError(.unavailable, "the circuit is open"))
        clock.advance(by: .seconds(600))
        let error = await test.error { _ = try await test.manifest(.tag(.latest)) }
        #expect(error == MirrorError(.unavailable, "the circuit is open"))
    }

    @Test func aTagWithinItsMaximumAgeIsServedWithoutAWarningWhateverTheOutlook() async throws {
        let test = try await makeMirror(FreshnessPolicy(maxAge: .seconds(60)))
        clock.advance(by: .seconds(30))
        for outlook in [UpstreamOutlook.clear, .scarce, .closed] {
            upstream.expect(outlook)
            let answer = try await test.manifest(.tag(.latest))
            #expect(answer.status == .hit && answer.warning == nil && answer.age == .seconds(30))
        }
    }

    @Test func anImmutableTagIsNeverAskedForAgain() async throws {
        let patterns = try TagPatterns([#"^\d+\.\d+$"#])
        let fixed = MirrorCore.Tag.made("1.2")
        let test = try await makeMirror(FreshnessPolicy(immutable: patterns), tag: fixed)
        clock.advance(by: .seconds(100_000_000))
        #expect(try await test.manifest(.tag(fixed)).status == .hit)
        // Nor by a mirror that finds it on disk and knows nothing of it.
        let next = MirrorUnderTest(
            upstream: upstream, over: test.storage,
            freshness: FreshnessPolicy(immutable: patterns), clock: clock)
        let answer = try await next.manifest(.tag(fixed))
        #expect(answer.status == .hit && answer.content.digest == old.manifest.digest)
        #expect(upstream.callCount == 0)
    }

    @Test func anImmutableTagWhoseManifestIsLostIsAskedForAgain() async throws {
        let patterns = try TagPatterns(["latest"])
        let test = try await makeMirror(FreshnessPolicy(immutable: patterns))
        try await test.storage.delete(.data(old.manifest.digest))
        let next = MirrorUnderTest(
            upstream: upstream, over: test.storage,
            freshness: FreshnessPolicy(immutable: patterns), clock: clock)
        #expect(try await next.manifest(.tag(.latest)).content.digest == new.manifest.digest)
        #expect(try await next.manifest(.tag(.latest)).status == .hit)
    }
}

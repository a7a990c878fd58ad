import MirrorCore
import MirrorTesting
import Testing

/// Tags that upstream can be asked for.
@Suite struct TagTests {
    private let old = SampleImage(seed: 21)
    private let new = SampleImage(seed: 22)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()

    init() {
        upstream.add(old, to: .app, tag: .latest)
    }

    private func makeMirror(_ freshness: FreshnessPolicy = FreshnessPolicy()) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, freshness: freshness, clock: clock)
    }

    private func tagOnDisk(_ test: MirrorUnderTest) async throws -> String? {
        try await test.storage.text(
            at: "docker/registry/v2/repositories/library/app/_manifests/tags/latest/current/link")
    }

    @Test func isAskedForEachTimeByDefault() async throws {
        let test = makeMirror()
        #expect(try await test.manifest(.tag(.latest)).status == .miss)
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
        #expect(upstream.counts == [.resolve: 2, .manifest: 1])
        #expect(try await tagOnDisk(test) == old.manifest.digest.text)
    }

    @Test func isFollowedWhenItMoves() async throws {
        let test = makeMirror()
        _ = try await test.manifest(.tag(.latest))
        upstream.add(new, to: .app, tag: .latest)
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.digest == new.manifest.digest && answer.status == .miss)
        #expect(try await tagOnDisk(test) == new.manifest.digest.text)
    }

    @Test func isServedWithoutAskingWithinItsMaximumAge() async throws {
        let test = makeMirror(FreshnessPolicy(maxAge: .seconds(60)))
        _ = try await test.manifest(.tag(.latest))
        upstream.add(new, to: .app, tag: .latest)
        upstream.resetCounts()
        clock.advance(by: .seconds(59))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.digest == old.manifest.digest && answer.status == .hit)
        #expect(upstream.callCount == 0)
        clock.advance(by: .seconds(1))
        #expect(try await test.manifest(.tag(.latest)).content.digest == new.manifest.digest)
    }

    @Test func needsNoStorageWithinItsMaximumAge() async throws {
        let test = makeMirror(FreshnessPolicy(maxAge: .seconds(60)))
        try await test.pull(old)
        _ = try await test.manifest(.tag(.latest))
        test.storage.resetCounts()
        #expect(try await test.manifest(.tag(.latest)).status == .hit)
        #expect(test.storage.callCount == 0)
    }

    @Test func isWrittenAgainAfterItsImageWasRemoved() async throws {
        let test = MirrorUnderTest(
            upstream: upstream, freshness: FreshnessPolicy(maxAge: .seconds(1_000_000)),
            eviction: ImageScheduler(timeToLive: .seconds(60)), clock: clock)
        test.mirror.start()
        await clock.untilSleeping(2)
        _ = try await test.manifest(.tag(.latest))
        while try await tagOnDisk(test) != nil {
            clock.advance(by: .seconds(100))
            await Task.yield()
        }
        await test.mirror.stop()
        _ = try await test.manifest(.digest(old.manifest.digest))
        #expect(try await test.manifest(.tag(.latest)).status == .miss)
        #expect(try await tagOnDisk(test) == old.manifest.digest.text)
    }

    @Test func isAskedForAfterACrashWhateverItsAge() async throws {
        let test = makeMirror(FreshnessPolicy(maxAge: .seconds(60)))
        _ = try await test.manifest(.tag(.latest))
        let next = MirrorUnderTest(
            upstream: upstream, over: test.storage,
            freshness: FreshnessPolicy(maxAge: .seconds(60)), clock: clock)
        upstream.resetCounts()
        #expect(try await next.manifest(.tag(.latest)).status == .revalidated)
        #expect(try await next.manifest(.tag(.latest)).status == .hit)
        #expect(upstream.counts == [.resolve: 1])
    }

    @Test func isRefreshedBehindTheClientAndFollowedWhenItMoved() async throws {
        let test = makeMirror(FreshnessPolicy(staleWhileRevalidate: .seconds(60)))
        _ = try await test.manifest(.tag(.latest))
        upstream.add(new, to: .app, tag: .latest)
        clock.advance(by: .seconds(10))
        let stale = try await test.manifest(.tag(.latest))
        #expect(stale.content.digest == old.manifest.digest && stale.status == .hit)
        // Only the refresh can bring the new manifest: from now on upstream can't be asked.
        try await waitForTag(toName: new.manifest.digest, in: test)
        for blob in new.blobs { _ = try await test.read(blob.digest) }
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.digest == new.manifest.digest && answer.status == .hit)
    }

    @Test func isFreshAgainWhenTheRefreshFindsItUnmoved() async throws {
        let policy = FreshnessPolicy(maxAge: .seconds(5), staleWhileRevalidate: .seconds(60))
        let test = makeMirror(policy)
        _ = try await test.manifest(.tag(.latest))
        clock.advance(by: .seconds(10))
        let checkpoint = Checkpoint()
        upstream.hold(.resolve, at: checkpoint)
        upstream.resetCounts()
        for _ in 0..<5 { #expect(try await test.manifest(.tag(.latest)).status == .hit) }
        await checkpoint.untilReached()
        #expect(upstream.counts == [.resolve: 1])
        checkpoint.open()
    }

    /// Waits until the tag's link on disk has been rewritten behind the requests.
    private func waitForTag(toName digest: Digest, in test: MirrorUnderTest) async throws {
        while try await tagOnDisk(test) != digest.text { await Task.yield() }
    }

    @Test func isAskedForOnceByManyTogether() async throws {
        let test = makeMirror()
        let checkpoint = Checkpoint()
        upstream.hold(.manifest, at: checkpoint)
        try await withThrowingTaskGroup(of: Digest.self) { group in
            for _ in 0..<40 {
                group.addTask { try await test.manifest(.tag(.latest)).content.digest }
            }
            await checkpoint.untilReached()
            checkpoint.open()
            for try await digest in group { #expect(digest == old.manifest.digest) }
        }
        #expect(upstream.counts[.manifest] == 1)
    }

    @Test func headDoesNotFetchTheManifest() async throws {
        let test = makeMirror()
        let answer = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        #expect(answer.content == old.manifest.descriptor && answer.status == .miss)
        #expect(upstream.counts == [.resolve: 1])
        #expect(try await tagOnDisk(test) == nil)
    }

    @Test func headFetchesTheManifestWhereUpstreamStatesTooLittle() async throws {
        upstream.hideSizes()
        let test = makeMirror()
        let answer = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        #expect(answer.content == old.manifest.descriptor)
        #expect(upstream.counts == [.resolve: 1, .manifest: 1])
    }

    @Test func headThenGetByDigestWritesTheTagOnceItsManifestIsHeld() async throws {
        let test = makeMirror()
        _ = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        #expect(try await tagOnDisk(test) == nil)
        _ = try await test.manifest(.digest(old.manifest.digest))
        #expect(try await tagOnDisk(test) == old.manifest.digest.text)
        #expect(
            try await test.mirror.manifestDescriptor(.tag(.latest), in: .app).status == .revalidated
        )
    }

    @Test func aManifestThatCameWithTheTagIsNotFetchedAgain() async throws {
        upstream.resolveWithManifests()
        let test = makeMirror()
        #expect(try await test.manifest(.tag(.latest)).content.bytes == old.manifest.bytes)
        #expect(upstream.counts == [.resolve: 1])
    }

    @Test func aPullOfBlobsAloneMakesTheImageWhole() async throws {
        let test = makeMirror()
        _ = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        for blob in old.blobs { _ = try await test.read(blob.digest) }
        try await waitForTag(toName: old.manifest.digest, in: test)
        await test.mirror.stop()
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.bytes == old.manifest.bytes && answer.status == .stale)
    }

    @Test func aLookAtManyTagsDoesNotFetchThemAll() async throws {
        let test = makeMirror()
        for number in 0..<50 {
            let tag = MirrorCore.Tag.made("v\(number)")
            upstream.add(SampleImage(seed: UInt64(1000 + number)), to: .app, tag: tag)
            _ = try await test.mirror.manifestDescriptor(.tag(tag), in: .app)
        }
        _ = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        for blob in old.blobs { _ = try await test.read(blob.digest) }
        try await waitForTag(toName: old.manifest.digest, in: test)
        #expect((upstream.counts[.manifest] ?? 0) <= 4)
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// An image that was found whole, and is not any more or not in the store, while upstream is down.
@Suite(.timeLimit(.minutes(10))) struct LostBlobTests {
    private let image = SampleImage(seed: 71)

    private var byDigest: Reference { .digest(image.manifest.digest) }
    private var layer: SampleBlob { image.layers[1] }

    private func goDown(_ test: MirrorUnderTest) async {
        await test.mirror.stop()
        test.upstream.fallSilent()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
    }

    private func error(_ test: MirrorUnderTest) async -> MirrorError.Code? {
        await test.error { _ = try await test.manifest(byDigest) }?.code
    }

    // MARK: Lost

    @Test func isNotServedAnyMoreOnceALayerWasFoundDamaged() async throws {
        let test = MirrorUnderTest()
        test.upstream.add(image, to: .app, tag: .latest)
        try await test.pull(image)
        await goDown(test)
        #expect(try await test.manifest(byDigest).status == .hit)
        try await test.storage.put(layer.bytes.dropLast(), at: .data(layer.digest))
        // Nobody knows yet, and nothing is read for a hit.
        #expect(try await test.manifest(byDigest).status == .hit)
        let read = await test.error { _ = try await test.read(layer.digest) }
        #expect(read?.code == .unavailable)
        #expect(await error(test) == .unavailable)
        test.upstream.heal()
        _ = try await test.read(layer.digest)
        await goDown(test)
        #expect(try await test.manifest(byDigest).status == .hit)
    }

    @Test func isNotServedWhereDamageShowsAsSoonAsItIsLookedAt() async throws {
        let test = MirrorUnderTest()
        test.upstream.add(image, to: .app, tag: .latest)
        try await test.pull(image)
        try await test.storage.put([], at: .data(layer.digest))
        let next = MirrorUnderTest(over: test.storage)
        next.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let error = await next.error { _ = try await next.manifest(byDigest) }
        #expect(error?.code == .unavailable)
    }

    /// Of a manifest that could not be stored nobody knows what it needs.
    @Test func isNotServedAnyMoreOnceItsBlobsWereRemoved() async throws {
        let test = ExpiringMirror()
        let links = "docker/registry/v2/repositories/library/app/_manifests"
        test.storage.fail(StorageFault(.notPermitted, on: [.put], below: .made(links)))
        try await test.pull(image)
        test.upstream.fallSilent()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await test.use(image.manifest) == .hit)
        await test.start()
        await test.pass(ExpiringMirror.ttl)
        #expect(try await !test.holds(image))
        let error = await #expect(throws: MirrorError.self) { try await test.use(image.manifest) }
        #expect(error?.code == .unavailable)
        await test.mirror.stop()
    }

    @Test func isNotServedAnyMoreOnceItIsHeardThatAnotherMirrorRemovedALayer() async throws {
        let (clock, upstream, storage) = (ManualClock(), ScriptedFetcher(), MemoryDriver())
        let test = MirrorUnderTest(
            upstream: upstream, over: storage, eviction: ImageScheduler(timeToLive: nil),
            clock: clock)
        upstream.add(image, to: .app, tag: .latest)
        try await test.pullBlobs(of: image)
        let other = ExpiringMirror(upstream: upstream, over: storage, clock: clock)
        await other.start()
        // So the other never hears that a manifest needs them.
        test.storage.fail(StorageFault(.notPermitted, on: [.put], below: .made("mirrord/uses")))
        test.mirror.start()
        await clock.untilSleeping(4)
        _ = try await test.manifest(.tag(.latest))
        upstream.fallSilent()
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await test.manifest(byDigest).status == .hit)
        clock.advance(by: ExpiringMirror.ttl)
        while try await storage.stat(.data(layer.digest)) != nil { await Task.yield() }
        // It has told of all that it removed.
        await other.mirror.stop()
        await clock.untilSleeping(2)
        clock.advance(by: .seconds(5))
        await clock.untilSleeping(2)
        #expect(await error(test) == .unavailable)
        await test.mirror.stop()
    }

    // MARK: Elsewhere

    @Test func isServedWithBlobsThatAnotherRepositoryHasAndItVouchesFor() async throws {
        let test = MirrorUnderTest(eviction: ImageScheduler(timeToLive: nil))
        test.upstream.add(image, to: .app, tag: .latest)
        test.upstream.add(image, to: .other, tag: .latest)
        try await test.pullBlobs(of: image, in: .other)
        _ = try await test.manifest(.tag(.latest))
        await goDown(test)
        #expect(try await test.manifest(byDigest).status == .hit)
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        for blob in image.blobs { #expect(try await test.read(blob.digest) == blob.bytes) }
    }

    @Test func isNotServedWithBlobsThatNothingVouchesFor() async throws {
        // This scheduler does not know who needs what.
        let test = MirrorUnderTest(eviction: KeepingScheduler())
        test.upstream.add(image, to: .app, tag: .latest)
        test.upstream.add(image, to: .other, tag: .latest)
        try await test.pullBlobs(of: image, in: .other)
        _ = try await test.manifest(.tag(.latest))
        await goDown(test)
        let read = await test.error { _ = try await test.read(layer.digest) }
        #expect(read?.code == .unavailable)
        #expect(await error(test) == .unavailable)
    }

    @Test func isServedWhileItsBlobsAreInMemoryAndNoLonger() async throws {
        let clock = ManualClock()
        let test = MirrorUnderTest(clock: clock)
        test.upstream.add(image, to: .app, tag: .latest)
        test.storage.fail(.readOnly)
        _ = try await test.manifest(.tag(.latest))
        for blob in image.blobs { _ = try await test.read(blob.digest) }
        await goDown(test)
        for _ in 0..<2 { #expect(try await test.manifest(byDigest).status == .hit) }
        for blob in image.blobs { #expect(try await test.read(blob.digest) == blob.bytes) }
        clock.advance(by: .seconds(300))
        #expect(await error(test) == .unavailable)
    }

    @Test func isPassedOnThoughNothingOfItCanBeKept() async throws {
        var limits = CacheLimits()
        limits.spilledBytes = 0
        let test = MirrorUnderTest(limits: limits)
        test.upstream.add(image, to: .app, tag: .latest)
        test.storage.fail(.readOnly)
        for _ in 0..<3 {
            _ = try await test.manifest(.tag(.latest))
            #expect(try await test.manifest(byDigest).status == .hit)
            for blob in image.blobs { #expect(try await test.read(blob.digest) == blob.bytes) }
        }
        await goDown(test)
        #expect(await error(test) == .unavailable)
    }

    @Test func isServedByWhatUpstreamSaysWhereTheStorageCannotBeRead() async throws {
        let test = MirrorUnderTest()
        test.upstream.add(image, to: .app, tag: .latest)
        _ = try await test.manifest(.tag(.latest))
        for blob in image.blobs { _ = try await test.read(blob.digest) }
        await test.mirror.stop()
        test.storage.fail(StorageFault(.failed, on: [.open, .stat, .read]))
        test.upstream.fallSilent()
        #expect(try await test.manifest(byDigest).status == .hit)
        await goDown(test)
        #expect(await error(test) == .unavailable)
        test.storage.heal()
        #expect(try await test.manifest(byDigest).status == .hit)
    }
}

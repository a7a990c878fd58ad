import MirrorCore
import MirrorTesting
import Testing

/// What one of two mirrors over the same storage removes.
@Suite(.timeLimit(.minutes(10))) struct SharedRemovalTests {
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()
    private let storage = MemoryDriver()

    private func mirror() -> ExpiringMirror {
        ExpiringMirror(
            upstream: upstream, over: storage, clock: clock,
            eviction: ImageScheduler(
                EvictionPolicy(), limits: StoreLimits(maxSize: 300_000, headroom: 0.1)))
    }

    @Test func isNothingOfAnImageThatTheOtherReads() async throws {
        let folder = try TemporaryFolder()
        let image = SampleImage(seed: 970)
        func mirror() throws -> ExpiringMirror {
            ExpiringMirror(
                upstream: upstream, over: try FileSystemDriver(root: folder.path), clock: clock)
        }
        let (one, two) = (try mirror(), try mirror())
        try await one.pull(image)
        let held = try await one.heldPaths()
        let layer = image.layers[1]
        do {
            // The other works nothing off in the background, so this is told nowhere.
            let content = try await two.mirror.blob(layer.digest, in: .app).content
            await one.start()
            await one.pass(ExpiringMirror.ttl)
            #expect(try await one.heldPaths() == held)
            #expect(try await content.bytes() == layer.bytes)
        }
        await two.mirror.stop()
        await one.pass(ExpiringMirror.round)
        #expect(try await one.heldPaths() == [])
        await one.mirror.stop()
    }

    @Test func takesTheTagsAlongThatTheOtherWrote() async throws {
        let image = SampleImage(seed: 980)
        func mirror() -> ExpiringMirror {
            ExpiringMirror(upstream: upstream, over: storage, clock: clock)
        }
        let (one, two) = (mirror(), mirror())
        try await one.pull(image)
        one.mirror.start()
        two.mirror.start()
        await clock.untilSleeping(4)
        upstream.add(image, to: .app, tag: .stable)
        _ = try await two.mirror.manifest(.tag(.stable), in: .app)
        // One writes, then the other reads.
        for _ in 0..<2 {
            clock.advance(by: ExpiringMirror.round)
            await clock.untilSleeping(4)
        }
        await two.mirror.stop()
        #expect(try await one.heldPaths().contains { $0.contains("/_manifests/tags/stable/") })
        clock.advance(by: ExpiringMirror.ttl)
        await clock.untilSleeping(2)
        #expect(try await one.heldPaths() == [])
        await one.mirror.stop()
    }

    @Test func isSoonNotServedFromTheMemoryOfTheOther() async throws {
        let images = (0..<4).map { SampleImage(seed: 960 + UInt64($0), layerSizes: [90_000]) }
        let one = mirror()
        let two = mirror()
        try await one.pull(images[0], in: .made("library/app0"))
        one.mirror.start()
        two.mirror.start()
        await clock.untilSleeping(4)
        #expect(try await two.use(images[0].manifest, in: .made("library/app0")) == .hit)
        // Both write down what they know.
        clock.advance(by: ExpiringMirror.round)
        await clock.untilSleeping(4)
        for number in 1..<4 {
            clock.advance(by: .seconds(1))
            let name = RepositoryName.made("library/app\(number)")
            upstream.add(images[number], to: name, tag: .latest)
            _ = try await one.mirror.manifest(.tag(.latest), in: name)
            for blob in images[number].blobs { _ = try await one.read(blob, in: name) }
            await one.untilNothingArrives()
        }
        while try await one.holds(images[0]) { await Task.yield() }
        // It has told the other of all that it removed.
        await one.mirror.stop()
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await two.use(images[0].manifest, in: .made("library/app0")) == .hit)
        clock.advance(by: .seconds(5))
        await clock.untilSleeping(2)
        await #expect(throws: MirrorError.self) {
            try await two.use(images[0].manifest, in: .made("library/app0"))
        }
        await two.mirror.stop()
    }
}

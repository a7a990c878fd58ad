import MirrorCore
import MirrorTesting
import Testing

/// A mirror whose store is too small for all that is pulled.
@Suite struct QuotaTests {
    private static let round = ExpiringMirror.round
    /// About three of the images below.
    private static let maxSize: Int64 = 300_000

    private func scheduler(maxSize: Int64 = maxSize) -> ImageScheduler {
        ImageScheduler(
            EvictionPolicy(), limits: StoreLimits(maxSize: maxSize, headroom: 0.1))
    }

    private func images(_ count: Int) -> [SampleImage] {
        (0..<count).map { SampleImage(seed: 900 + UInt64($0), layerSizes: [20_000, 70_000]) }
    }

    /// Bytes of all content that is held.
    private func heldByteCount(_ storage: FaultyDriver) async throws -> Int64 {
        var count: Int64 = 0
        for path in try await storage.paths(below: .made("docker/registry/v2/blobs")) {
            count += try await storage.stat(.made(path))?.size ?? 0
        }
        return count
    }

    @Test func aStoreAThirdOfWhatIsPulledStaysWithinItsSizeAndNoImageIsTorn() async throws {
        let test = ExpiringMirror(eviction: scheduler())
        await test.start()
        let images = images(9)
        for (number, image) in images.enumerated() {
            let name = RepositoryName.made("library/app\(number)")
            test.upstream.add(image, to: name, tag: .latest)
            _ = try await test.mirror.manifest(.tag(.latest), in: name)
            for blob in image.blobs { #expect(try await test.read(blob, in: name) == blob.bytes) }
            await test.untilNothingArrives()
            await test.pass(Self.round)
            #expect(try await heldByteCount(test.storage) <= Self.maxSize)
        }
        // What is held is whole, and is the last that was pulled.
        test.upstream.resetCounts()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        for number in 7..<9 {
            let name = RepositoryName.made("library/app\(number)")
            let manifest = images[number].manifest
            #expect(try await test.use(manifest, in: name) == .hit)
            for blob in images[number].blobs {
                #expect(try await test.mirror.blob(blob.digest, in: name).status == .hit)
            }
        }
        #expect(test.upstream.callCount == 0)
        await test.mirror.stop()
    }

    @Test func aLayerThatIsInUseKeepsNoImageThatSharesIt() async throws {
        let base = [SampleBlob(seed: 930, size: 60_000)]
        let images = (0..<6).map { number in
            SampleImage(seed: 931 + UInt64(number), layerSizes: [70_000], base: base)
        }
        let test = ExpiringMirror(eviction: scheduler())
        await test.start()
        for (number, image) in images.enumerated() {
            let name = RepositoryName.made("library/app\(number)")
            test.upstream.add(image, to: name, tag: .latest)
            _ = try await test.mirror.manifest(.tag(.latest), in: name)
            // The base stays open for this repository.
            for blob in image.blobs { #expect(try await test.read(blob, in: name) == blob.bytes) }
            await test.untilNothingArrives()
            await test.pass(.seconds(1))
            await test.pass(Self.round)
            #expect(try await heldByteCount(test.storage) <= Self.maxSize)
        }
        #expect(try await test.holds(images[5]))
        #expect(try await !test.holds(images[0]))
        #expect(test.upstream.transfers(of: base[0].digest) == [0])
        await test.mirror.stop()
    }

    @Test func whatWasBeingReadGoesSoonAfterItIsNotAnyMore() async throws {
        let images = (0..<5).map { number in
            SampleImage(seed: 940 + UInt64(number), layerSizes: [20_000, 62_000])
        }
        let test = ExpiringMirror(eviction: scheduler())
        await test.start()
        func pull(_ number: Int) async throws {
            let name = RepositoryName.made("library/app\(number)")
            test.upstream.add(images[number], to: name, tag: .latest)
            _ = try await test.mirror.manifest(.tag(.latest), in: name)
            for blob in images[number].blobs { _ = try await test.read(blob, in: name) }
            await test.untilNothingArrives()
            await test.pass(Self.round)
        }
        try await pull(0)
        do {
            let layer = images[0].layers[1]
            let content = try await test.mirror.blob(layer.digest, in: .made("library/app0"))
                .content
            for number in 1..<4 { try await pull(number) }
            #expect(try await test.holds(images[0]))
            #expect(try await !test.holds(images[1]))
            #expect(try await content.bytes() == layer.bytes)
        }
        test.clock.advance(by: .seconds(1))
        try await pull(4)
        #expect(try await !test.holds(images[0]))
        #expect(try await test.holds(images[2]))
        await test.mirror.stop()
    }

    @Test func whatWasBeingReadDoesNotWaitForTheNextRound() async throws {
        let images = images(4)
        let test = ExpiringMirror(eviction: scheduler())
        await test.start()
        do {
            var contents: [any ContentSource] = []
            for (number, image) in images.enumerated() {
                let name = RepositoryName.made("library/app\(number)")
                test.upstream.add(image, to: name, tag: .latest)
                _ = try await test.mirror.manifest(.tag(.latest), in: name)
                for blob in image.blobs {
                    contents.append(try await test.mirror.blob(blob.digest, in: name).content)
                    _ = try await test.read(blob, in: name)
                }
                await test.untilNothingArrives()
            }
            await test.pass(Self.round)
            #expect(try await heldByteCount(test.storage) > Self.maxSize)
            withExtendedLifetime(contents) {}
        }
        await test.pass(.seconds(5))
        #expect(try await heldByteCount(test.storage) <= Self.maxSize)
        await test.mirror.stop()
    }

    @Test func whatIsPinnedStaysWhateverElseIsPulled() async throws {
        let pins = try #require(ImagePatterns(["library/app0:lat*"]))
        let test = ExpiringMirror(eviction: scheduler(), pins: pins)
        await test.start()
        for (number, image) in images(9).enumerated() {
            let name = RepositoryName.made("library/app\(number)")
            test.upstream.add(image, to: name, tag: .latest)
            _ = try await test.mirror.manifest(.tag(.latest), in: name)
            for blob in image.blobs { _ = try await test.read(blob, in: name) }
            await test.untilNothingArrives()
            await test.pass(Self.round)
        }
        #expect(try await test.holds(images(1)[0]))
        #expect(try await heldByteCount(test.storage) <= Self.maxSize)
        await test.mirror.stop()
    }

    @Test func aPlanSaysWhatWouldGoAndWhyAndNothingGoes() async throws {
        let test = ExpiringMirror(mayDelete: false, eviction: scheduler(maxSize: 150_000))
        try await test.pull(images(2)[0], in: .made("library/one"))
        test.clock.advance(by: .seconds(1))
        try await test.pull(images(2)[1], in: .made("library/two"))
        let held = try await test.heldPaths()
        let plan = try await test.mirror.planEviction(limit: 10)
        #expect(plan.map(\.tags) == [[.latest]])
        #expect(plan.first?.victim.reason == .size)
        #expect(plan.first?.victim.items.first?.repository == .made("library/one"))
        #expect(plan.first?.victim.byteCount ?? 0 > 90_000)
        #expect(try await test.heldPaths() == held)
    }

    @Test func aFullDiskHasRoomMadeByWhatWasUsedLeastRecently() async throws {
        let storage = MemoryDriver(byteLimit: 210_000)
        let test = ExpiringMirror(
            over: storage, eviction: ImageScheduler(timeToLive: nil))
        let images = images(3)
        for (number, image) in images.prefix(2).enumerated() {
            try await test.pull(image, in: .made("library/app\(number)"))
            test.clock.advance(by: .seconds(1))
        }
        await test.start()
        let name = RepositoryName.made("library/app2")
        test.upstream.add(images[2], to: name, tag: .latest)
        _ = try await test.mirror.manifest(.tag(.latest), in: name)
        for blob in images[2].blobs {
            #expect(try await test.read(blob, in: name) == blob.bytes)
            #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
        }
        await test.mirror.stop()
        #expect(try await test.holds(images[2]))
        #expect(try await !test.holds(images[0]))
        #expect(try await test.holds(images[1]))
    }

    @Test func oneMirrorRemovesNothingThatAnotherWasSeenToUse() async throws {
        let storage = MemoryDriver()
        let clock = ManualClock()
        let upstream = ScriptedFetcher()
        func mirror() -> ExpiringMirror {
            ExpiringMirror(
                upstream: upstream, over: storage, clock: clock, eviction: scheduler())
        }
        let one = mirror()
        let two = mirror()
        let images = images(6)
        try await one.pull(images[0], in: .made("library/app0"))
        one.mirror.start()
        two.mirror.start()
        await clock.untilSleeping(4)
        for number in 1..<6 {
            clock.advance(by: .seconds(60))
            await clock.untilSleeping(4)
            #expect(try await two.use(images[0].manifest, in: .made("library/app0")) == .hit)
            clock.advance(by: Self.round)
            await clock.untilSleeping(4)
            let name = RepositoryName.made("library/app\(number)")
            upstream.add(images[number], to: name, tag: .latest)
            _ = try await one.mirror.manifest(.tag(.latest), in: name)
            for blob in images[number].blobs { _ = try await one.read(blob, in: name) }
            await one.untilNothingArrives()
        }
        clock.advance(by: Self.round)
        await clock.untilSleeping(4)
        #expect(try await one.holds(images[0]))
        #expect(try await !one.holds(images[1]))
        await one.mirror.stop()
        await two.mirror.stop()
    }
}

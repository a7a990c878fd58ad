import MirrorCore
import MirrorTesting
import Testing

/// What goes, and when.
@Suite struct ExpiryTests {
    private static let ttl = ExpiringMirror.ttl
    private static let round = ExpiringMirror.round
    private let image = SampleImage(seed: 41)

    @Test func whatNobodyUsesGoesWithAllThatLeadsToIt() async throws {
        let test = ExpiringMirror()
        try await test.pull(image)
        try await test.pull(image, .stable)
        await test.start()
        let held = try await test.heldPaths()
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.heldPaths() == held && !held.isEmpty)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
        #expect(test.log.messages(.info) == ["content removed"])
        let fields = test.log.records.last?.fields ?? []
        #expect(fields.contains(LogField("reason", "unused")))
        #expect(fields.contains(LogField("items", 1 + image.blobs.count)))
        #expect(test.log.messages(.error) == [])
    }

    @Test func whatGoesCostsTheSameCallsHoweverMuchElseIsHeld() async throws {
        try await expectSameCalls { test, number in
            try await test.pull(
                SampleImage(seed: 42 + UInt64(number)), in: .made("team/r\(number)"))
        }
    }

    @Test func whatGoesCostsTheSameCallsHoweverManyTagsItsRepositoryHas() async throws {
        try await expectSameCalls { test, number in
            try await test.pull(SampleImage(seed: 42), .made("v\(number)"))
        }
    }

    /// An image goes by the same calls whether 1 or 20 of something else were pulled after it.
    private func expectSameCalls(
        beside pull: (ExpiringMirror, _ number: Int) async throws -> Void
    ) async throws {
        var counts: [[StorageOperation: Int]] = []
        for count in [1, 20] {
            let test = ExpiringMirror()
            try await test.pull(image)
            test.clock.advance(by: Self.ttl / 2)
            for number in 0..<count { try await pull(test, number) }
            await test.start()
            test.storage.resetCounts()
            await test.pass(Self.ttl / 2)
            counts.append(test.storage.counts)
            #expect(try await !test.holds(image))
            #expect(try await test.holds(SampleImage(seed: 42)))
            await test.mirror.stop()
        }
        #expect(counts[0] == counts[1] && counts[0][.delete, default: 0] > 0)
    }

    @Test func tagsThatMovedAndTagsOfEarlierProcessesGoWithWhatTheyLeadTo() async throws {
        let test = ExpiringMirror()
        let former = SampleImage(seed: 43)
        try await test.pull(former, .stable)
        try await test.pull(image, .stable)
        try await test.pull(image)
        let next = await test.restarted()
        await next.start()
        #expect(try await next.heldPaths().contains { $0.contains("/_manifests/tags/stable/") })
        await next.pass(Self.ttl)
        #expect(try await next.heldPaths() == [])
    }

    @Test func aMediaTypeKeptBesideAManifestGoesWithIt() async throws {
        let manifest = SampleManifest(bytes: Array("{}".utf8), mediaType: .dockerManifest)
        let test = ExpiringMirror()
        test.upstream.add(manifest, to: .app)
        try await test.use(manifest)
        #expect(try await test.heldPaths().contains { $0.hasPrefix("mirrord/types/") })
        await test.start()
        await test.pass(Self.ttl)
        #expect(try await test.heldPaths() == [])
    }

    @Test func nothingGoesWhereDeletionIsOffButUsesAreRecorded() async throws {
        let test = ExpiringMirror(mayDelete: false)
        try await test.pull(image)
        await test.start()
        let held = try await test.heldPaths()
        await test.pass(Self.ttl * 9)
        try await test.use(image.manifest)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == held)

        let next = await test.restarted()
        await next.start()
        await next.pass(Self.ttl - Self.round * 2)
        #expect(try await next.holds(image))
        await next.pass(Self.round)
        #expect(try await next.heldPaths() == [])
    }

    @Test func nothingGoesUnderASchedulerThatKeeps() async throws {
        let clock = ManualClock()
        let test = MirrorUnderTest(eviction: KeepingScheduler(), clock: clock)
        test.upstream.add(image, to: .app, tag: .latest)
        _ = try await test.manifest(.tag(.latest))
        test.mirror.start()
        await clock.untilSleeping(2)
        let held = try await test.storage.paths()
        clock.advance(by: Self.ttl * 100_000)
        await clock.untilSleeping(2)
        #expect(try await test.storage.paths() == held && !held.isEmpty)
    }

    // MARK: Use

    @Test(arguments: [
        Use.manifestByTag, .manifestByDigest, .headOfTag, .headOfDigest,
    ])
    func aUseOfTheManifestKeepsTheWholeImage(_ use: Use) async throws {
        let test = ExpiringMirror()
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await use.perform(on: image, in: test)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.holds(image))
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
    }

    @Test(arguments: [Use.blob, .headOfBlob])
    func aUseOfABlobKeepsTheWholeImage(_ use: Use) async throws {
        let test = ExpiringMirror()
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await use.perform(on: image, in: test)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.holds(image))
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
    }

    @Test func usesBeforeTheWorkInTheBackgroundBeginsCount() async throws {
        let first = ExpiringMirror()
        try await first.pull(image)
        await first.start()
        let test = await first.restarted(after: Self.ttl * 2)
        #expect(try await test.use(image.manifest) == .hit)
        await test.start()
        #expect(try await test.holds(image))
        await test.pass(Self.ttl)
        #expect(try await test.heldPaths() == [])
    }

    // MARK: Afterwards

    @Test func whatWasRemovedIsFetchedAgainWhenItIsAskedFor() async throws {
        let test = ExpiringMirror()
        try await test.pull(image)
        // All of it is at hand, in memory or open.
        try await test.use(image.manifest)
        for blob in image.blobs { _ = try await test.read(blob) }
        await test.start()
        await test.pass(Self.ttl)
        test.upstream.resetCounts()
        let answer = try await test.mirror.manifest(.tag(.latest), in: .app)
        #expect(answer.status == .miss && answer.content.bytes == image.manifest.bytes)
        for blob in image.blobs {
            let content = try await test.mirror.blob(blob.digest, in: .app)
            #expect(content.status == .miss)
            #expect(try await content.content.bytes() == blob.bytes)
        }
        #expect(test.upstream.counts == [.resolve: 1, .manifest: 1, .blob: image.blobs.count])
        await test.mirror.stop()
        #expect(try await test.holds(image))
    }

    @Test(arguments: [true, false])
    func anImageOfWhichSomebodyReadsStaysWholeUntilHeHasDone(inFiles: Bool) async throws {
        let folder = try TemporaryFolder()
        let memory = MemoryDriver()
        let test = ExpiringMirror(
            over: inFiles ? try FileSystemDriver(root: folder.path) : memory)
        try await test.pull(image)
        await test.start()
        let held = try await test.heldPaths()
        let layer = image.layers[1]
        try await Self.whileReading(layer, in: test) { (content: any ContentSource) async throws in
            await test.pass(Self.ttl)
            await test.pass(Self.ttl)
            #expect(try await test.heldPaths() == held)
            #expect(try await content.bytes(from: 1_000) == layer.bytes(in: 1_000..<layer.size))
        }
        await test.pass(Self.ttl)
        #expect(try await test.heldPaths() == [])
    }

    private static func whileReading(
        _ blob: SampleBlob, in test: ExpiringMirror,
        _ body: (any ContentSource) async throws -> Void
    ) async throws {
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        #expect(try await content.bytes(count: 1_000) == blob.bytes(in: 0..<1_000))
        try await body(content)
    }
}

/// What a client may ask for.
enum Use: Sendable {
    case manifestByTag, manifestByDigest, headOfTag, headOfDigest, blob, headOfBlob

    /// Asks for the manifest, or the first layer, of an image with the tag `latest`.
    func perform(on image: SampleImage, in test: ExpiringMirror) async throws {
        let digest = image.manifest.digest
        let layer = image.layers[0].digest
        switch self {
        case .manifestByTag: _ = try await test.mirror.manifest(.tag(.latest), in: .app)
        case .manifestByDigest: _ = try await test.mirror.manifest(.digest(digest), in: .app)
        case .headOfTag: _ = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        case .headOfDigest:
            _ = try await test.mirror.manifestDescriptor(.digest(digest), in: .app)
        case .blob: _ = try await test.mirror.blob(layer, in: .app)
        case .headOfBlob: _ = try await test.mirror.blobInfo(layer, in: .app)
        }
    }
}

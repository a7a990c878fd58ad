import MirrorCore
import MirrorTesting
import Testing

/// What stays because something else needs it.
@Suite struct SharedExpiryTests {
    private static let ttl = ExpiringMirror.ttl
    private static let round = ExpiringMirror.round
    private let image = SampleImage(seed: 42)
    private let test = ExpiringMirror()

    @Test func whatAnotherRepositoryHasStaysThereWithItsBytes() async throws {
        try await test.pull(image)
        try await test.pull(image, in: .other)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await test.use(image.manifest, in: .other)
        await test.pass(Self.ttl / 2)
        let root = "docker/registry/v2/repositories"
        #expect(try await test.storage.paths(below: .made("\(root)/library")) == [])
        test.upstream.resetCounts()
        #expect(try await test.use(image.manifest, in: .other) == .hit)
        for blob in image.blobs {
            #expect(try await test.mirror.blob(blob.digest, in: .other).status == .hit)
        }
        #expect(test.upstream.callCount == 0)
        await test.pass(Self.ttl)
        #expect(try await test.heldPaths() == [])
    }

    @Test func bytesGoWithTheirLastHolderAfterARestartToo() async throws {
        try await test.pull(image)
        try await test.pull(image, in: .other)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await test.use(image.manifest, in: .other)
        let second = await test.restarted()
        await second.start()
        await second.pass(Self.ttl / 2)
        #expect(try await second.holds(image))
        let third = await second.restarted()
        await third.start()
        #expect(try await third.holds(image))
        await third.pass(Self.ttl)
        #expect(try await third.heldPaths() == [])
    }

    @Test func anIndexKeepsItsImagesAndTheyGoWithIt() async throws {
        let index = SampleIndex(seed: 43)
        test.upstream.add(index, to: .app, tag: .latest)
        _ = try await test.mirror.manifest(.tag(.latest), in: .app)
        for image in index.images { try await test.use(image.manifest) }
        for blob in index.blobs { _ = try await test.read(blob) }
        await test.mirror.stop()
        await test.start()
        let held = try await test.heldPaths()
        await test.pass(Self.ttl / 2)
        try await test.use(index.manifest)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.heldPaths() == held)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
    }

    @Test func aTagThatHasMovedStaysAndForgetsWhatIsGone() async throws {
        let new = SampleImage(seed: 44)
        try await test.pull(image)
        test.clock.advance(by: Self.ttl / 2)
        try await test.pull(new)
        await test.start()
        await test.pass(Self.ttl / 2)
        #expect(try await test.holds(new))
        let gone = image.manifest.digest.hex
        #expect(try await test.heldPaths().filter { $0.contains(gone) } == [])
        let tag = "docker/registry/v2/repositories/library/app/_manifests/tags/latest"
        #expect(
            try await test.storage.text(at: "\(tag)/current/link") == new.manifest.digest.text)
        await test.pass(Self.ttl / 2)
        #expect(try await test.heldPaths() == [])
    }

    @Test func whatIsBeingFilledStays() async throws {
        let blob = SampleBlob(seed: 45, size: 30_000)
        let link = "docker/registry/v2/repositories/library/app/_layers/sha256/\(blob.digest.hex)"
        try await test.storage.put(Array(blob.digest.text.utf8), at: .made("\(link)/link"))
        await test.start()
        let checkpoint = Checkpoint()
        test.upstream.add(blob, to: .app)
        test.upstream.script(blob.digest, .holding(at: 10_000, checkpoint))
        do {
            let content = try await test.mirror.blob(blob.digest, in: .app).content
            await checkpoint.untilReached()
            await test.pass(Self.ttl)
            #expect(try await test.storage.text(at: "\(link)/link") == blob.digest.text)
            #expect(test.log.messages(.info) == [])
            checkpoint.open()
            #expect(try await content.bytes() == blob.bytes)
        }
        await test.mirror.stop()
        await test.start()
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
    }
}

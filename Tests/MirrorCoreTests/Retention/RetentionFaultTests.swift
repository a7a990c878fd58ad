import MirrorCore
import MirrorTesting
import Testing

/// Storage that fails delays what is done in the background, and never ends it.
@Suite struct RetentionFaultTests {
    private static let ttl = ExpiringMirror.ttl
    private static let round = ExpiringMirror.round
    private let image = SampleImage(seed: 61)
    private let test = ExpiringMirror()
    private let uses = StorageKey.made("mirrord/uses")

    @Test(arguments: 0..<13)
    func aRemovalThatFailsIsMadeUpForAfterAMinute(skipping: Int) async throws {
        try await test.pull(image)
        await test.start()
        test.storage.fail(StorageFault(.failed, on: [.delete], skipping: skipping, count: 1))
        await test.pass(Self.ttl)
        #expect(test.log.messages(.error) == ["content cannot be removed"])
        await test.pass(.seconds(60))
        #expect(try await test.heldPaths() == [])
        #expect(test.log.messages(.error).count == 1)
    }

    @Test(arguments: [StorageOperation.open, .read])
    func whatCannotBeReadIsNotRemoved(_ operation: StorageOperation) async throws {
        try await test.pull(image)
        await test.start()
        test.storage.fail(
            StorageFault(.failed, on: [operation], below: .made("docker/registry/v2/repositories")))
        await test.pass(Self.ttl)
        #expect(test.log.messages(.error) == ["content cannot be removed"])
        test.storage.heal()
        #expect(try await test.holds(image))
        await test.pass(.seconds(60))
        #expect(try await test.heldPaths() == [])
    }

    @Test func storageThatIsReadOnlyGoesOnBeingServedFrom() async throws {
        try await test.pull(image)
        await test.start()
        test.storage.fail(.readOnly)
        for _ in 0..<5 { await test.pass(Self.ttl) }
        #expect(try await test.use(image.manifest) == .hit)
        for blob in image.blobs {
            #expect(try await test.mirror.blob(blob.digest, in: .app).status == .hit)
        }
    }

    @Test func usesThatCannotBeWrittenDownAreWrittenLater() async throws {
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await test.use(image.manifest)
        test.storage.fail(StorageFault(.outOfSpace, on: [.put], below: uses))
        await test.pass(Self.round)
        await test.pass(Self.round)
        #expect(
            test.log.messages(.warning)
                == ["use times cannot be written", "use times cannot be written"])
        test.storage.heal()
        await test.pass(Self.round)
        let next = test.killed()
        await next.start()
        await next.pass(Self.ttl - Self.round * 4)
        #expect(try await next.holds(image))
        await next.pass(Self.round)
        #expect(try await next.heldPaths() == [])
    }

    @Test func aJournalThatCannotBeListedAtTheStartIsReadLater() async throws {
        try await test.pull(image)
        await test.start()
        let next = await test.restarted(after: Self.ttl / 2)
        let before = try await next.storage.text(at: "mirrord/uses/000000000001")
        next.storage.fail(StorageFault(.failed, on: [.list], below: uses, count: 1))
        await next.start()
        #expect(next.log.messages(.warning).count == 1)
        #expect(try await next.storage.text(at: "mirrord/uses/000000000001") == before)
        await next.pass(Self.ttl / 2 - Self.round)
        #expect(try await next.holds(image))
        await next.pass(Self.round)
        #expect(try await next.heldPaths() == [])
    }

    @Test(arguments: [StorageOperation.open, .read])
    func aSegmentThatCannotBeReadIsLeftOutAndNothingGoesEarly(
        _ operation: StorageOperation
    ) async throws {
        try await test.pull(image)
        await test.start()
        let next = await test.restarted(after: Self.ttl)
        next.storage.fail(StorageFault(.failed, on: [operation], below: uses))
        await next.start()
        #expect(
            next.log.messages(.warning) == [
                "use times cannot be read; what they do not tell of counts as used now"
            ])
        await next.pass(Self.ttl - Self.round)
        #expect(try await next.holds(image))
        await next.pass(Self.round)
        #expect(try await next.heldPaths() == [])
    }
}

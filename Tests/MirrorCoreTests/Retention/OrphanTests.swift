import MirrorTesting
import Testing

@testable import MirrorCore

/// Bytes that no repository has.
@Suite struct OrphanTests {
    private static let day = Duration.seconds(24 * 3600)
    private let image = SampleImage(seed: 81)
    private let orphan = SampleBlob(seed: 82, size: 5_000)
    private let directory: ReferenceDirectory

    init() throws {
        directory = try ReferenceDirectory()
        try directory.write("left behind", at: StorageKey.data(orphan.digest).path)
    }

    /// A mirror that keeps all that has a holder, after some time.
    private func mirror(
        after pause: Duration, _ eviction: any EvictionScheduler = ImageScheduler(timeToLive: nil),
        mayDelete: Bool = true
    ) throws -> ExpiringMirror {
        ExpiringMirror(
            over: try directory.driver(),
            clock: ManualClock(now: SystemTimeSource().now + pause), mayDelete: mayDelete,
            eviction: eviction)
    }

    private func isHeld(_ digest: Digest, _ test: ExpiringMirror) async throws -> Bool {
        try await test.storage.stat(.data(digest)) != nil
    }

    @Test func areRemovedOnceTheyAreADayOld() async throws {
        try directory.add(image, to: .app, tag: "latest")
        let test = try mirror(after: .zero)
        await test.start()
        #expect(try await isHeld(orphan.digest, test))
        await test.pass(Self.day)
        #expect(try await !isHeld(orphan.digest, test))
        #expect(try await test.holds(image))
        #expect(test.log.messages(.info) == ["bytes that no repository has were removed"])
        await test.mirror.stop()
    }

    @Test func stayWhereAHeldManifestNeedsThem() async throws {
        try directory.add(image.manifest, to: .other)
        for blob in image.blobs { try directory.add(blob, to: .app) }
        let links = "docker/registry/v2/repositories/library/app/_layers/sha256"
        let driver = try directory.driver()
        for blob in image.blobs { try await driver.delete(.made("\(links)/\(blob.digest.hex)")) }
        let test = try mirror(after: Self.day * 2)
        await test.start()
        #expect(try await test.holds(image))
        #expect(try await !isHeld(orphan.digest, test))
        await test.mirror.stop()
    }

    @Test func areToldFromWhatASchedulerWasNotToldOf() async throws {
        try directory.add(image, to: .app, tag: "latest")
        let test = try mirror(after: Self.day * 2, KeepingScheduler())
        await test.start()
        #expect(try await test.holds(image))
        #expect(try await !isHeld(orphan.digest, test))
        await test.mirror.stop()
    }

    @Test func stayWhileTheyAreRead() async throws {
        let test = try mirror(after: Self.day * 2)
        do {
            let object = try await test.storage.open(.data(orphan.digest))
            await test.start()
            #expect(try await isHeld(orphan.digest, test))
            #expect(object?.size == 11)
        }
        await test.pass(Self.day)
        #expect(try await !isHeld(orphan.digest, test))
        await test.mirror.stop()
    }

    @Test func stayWhereNothingIsToBeRemoved() async throws {
        let test = try mirror(after: Self.day * 2, mayDelete: false)
        await test.start()
        await test.pass(Self.day)
        #expect(try await isHeld(orphan.digest, test))
        await test.mirror.stop()
    }

    @Test func stayWhileNotAllThatIsHeldIsKnown() async throws {
        let test = try mirror(after: Self.day * 2)
        test.storage.fail(
            StorageFault(.failed, on: [.list], below: .made("docker/registry/v2/repositories")))
        await test.start()
        #expect(try await isHeld(orphan.digest, test))
        await test.mirror.stop()
    }
}

import FoundationEssentials
import MirrorCore
import MirrorTesting
import Synchronization
import Testing

/// Clients who share one download although the storage takes nothing.
@Suite(.timeLimit(.minutes(10))) struct SpillTests {
    private let blob = SampleBlob(seed: 32, size: 60_000)

    private func mirror(
        memory byteLimit: Int64 = 1 << 20, clock: any TimeSource = ImpatientClock(),
        over storage: any StorageDriver = MemoryDriver(),
        makeRoom: @escaping @Sendable (Int64) async -> Bool = { _ in false }
    ) -> MirrorUnderTest {
        var limits = CacheLimits()
        limits.spilledBytes = byteLimit
        let test = MirrorUnderTest(
            over: storage, limits: limits, clock: clock, makeRoom: makeRoom)
        test.upstream.add(blob, to: .app)
        return test
    }

    /// Reads the blob as so many clients at once; whether all of them get it.
    private func isRead(by count: Int, through test: MirrorUnderTest) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<count {
                group.addTask { try await test.read(blob.digest) == blob.bytes }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
    }

    private func isOneDownload(through test: MirrorUnderTest) -> Bool {
        test.upstream.transfers(of: blob.digest) == [0]
            && test.upstream.byteCount(of: blob.digest) == blob.size
    }

    static let faults = [
        StorageFault.readOnly, .fullAfter(bytes: 0), .fullAfter(bytes: 25_000),
        StorageFault(.failed, on: [.upload]), StorageFault(.failed, on: [.open, .stat, .upload]),
        StorageFault(.failed, on: Set(StorageOperation.allCases)),
    ]

    @Test(arguments: faults)
    func fortyClientsOfAColdBlobCostOneDownload(_ fault: StorageFault) async throws {
        let test = mirror()
        test.storage.fail(fault)
        #expect(try await isRead(by: 40, through: test))
        #expect(isOneDownload(through: test))
    }

    @Test func clientsInTheMiddleOfABlobGoOnTogether() async throws {
        let test = mirror()
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 30_000, checkpoint))
        let contents = [
            try await test.mirror.blob(blob.digest, in: .app).content,
            try await test.mirror.blob(blob.digest, in: .app).content,
        ]
        for content in contents {
            #expect(try await content.bytes(count: 20_000) == blob.bytes(in: 0..<20_000))
        }
        test.storage.fail(.fullAfter(bytes: 0))
        checkpoint.open()
        for content in contents {
            #expect(try await content.bytes(from: 20_000) == blob.bytes(in: 20_000..<60_000))
        }
        #expect(isOneDownload(through: test))
    }

    @Test func aClientThatComesSoonAfterIsServedFromMemory() async throws {
        let clock = ManualClock()
        let test = mirror(clock: clock)
        test.storage.fail(.readOnly)
        #expect(try await isRead(by: 1, through: test))
        clock.advance(by: .seconds(299))
        #expect(try await test.mirror.blob(blob.digest, in: .app).status == .hit)
        #expect(try await isRead(by: 1, through: test))
        #expect(isOneDownload(through: test))
        // Then the storage has another chance.
        test.storage.heal()
        clock.advance(by: .seconds(1))
        #expect(try await isRead(by: 1, through: test))
        await test.mirror.stop()
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func whatHasNoRoomInMemoryEitherIsPassedOnToEach() async throws {
        let test = mirror(memory: 59_999)
        test.storage.fail(.readOnly)
        #expect(try await isRead(by: 10, through: test))
        test.storage.heal()
        #expect(try await isRead(by: 1, through: test))
        await test.mirror.stop()
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func roomInMemoryIsUsedAgainAndAgain() async throws {
        let test = mirror(memory: 100_000)
        test.storage.fail(.readOnly)
        for seed: UInt64 in 40..<45 {
            let blob = SampleBlob(seed: seed, size: 60_000)
            test.upstream.add(blob, to: .app)
            for _ in 0..<3 { #expect(try await test.read(blob.digest) == blob.bytes) }
            #expect(test.upstream.transfers(of: blob.digest) == [0])
        }
    }

    @Test func aStorageThatHasRoomAgainAtTheEndKeepsTheBlob() async throws {
        let test = mirror()
        test.storage.fail(StorageFault(.outOfSpace, on: [.write], skipping: 3, count: 1))
        #expect(try await isRead(by: 3, through: test))
        await test.mirror.stop()
        #expect(try await test.storage.bytes(at: .data(blob.digest)) == blob.bytes)
        #expect(try await test.mirror.blob(blob.digest, in: .app).status == .hit)
        #expect(isOneDownload(through: test))
    }

    @Test func wrongBytesInMemoryAreNotServedAsComplete() async throws {
        let test = mirror()
        test.storage.fail(.readOnly)
        test.upstream.script(blob.digest, TransferScript(flippedAt: 59_999))
        #expect(await test.error { _ = try await test.read(blob.digest) }?.code == .invalid)
        #expect(try await isRead(by: 1, through: test))
    }

    @Test func anotherRepositoryGetsItOnceUpstreamSaysThatItHasIt() async throws {
        let test = mirror()
        test.storage.fail(.readOnly)
        #expect(try await isRead(by: 1, through: test))
        let error = await test.error { _ = try await test.read(blob.digest, in: .other) }
        #expect(error?.code == .notFound)
        test.upstream.add(blob, to: .other)
        for status in [CacheStatus.revalidated, .hit] {
            let answer = try await test.mirror.blob(blob.digest, in: .other)
            #expect(answer.status == status)
            #expect(try await answer.content.bytes() == blob.bytes)
        }
        #expect(isOneDownload(through: test))
    }

    @Test func nothingIsLeftOnDiskOfWhatItDidNotTake() async throws {
        let folder = try TemporaryFolder()
        let test = mirror(over: try FileSystemDriver(root: folder.path))
        test.storage.fail(.fullAfter(bytes: 25_000))
        #expect(try await isRead(by: 3, through: test))
        await test.mirror.stop()
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/~mirrord/unfinished"))
    }

    // MARK: Room

    @Test func roomIsAskedForBeforeAnythingGoesOnInMemory() async throws {
        let asked = Mutex<[Int64]>([])
        let storage = FaultyDriver(MemoryDriver())
        let test = mirror(over: storage) { byteCount in
            asked.withLock { $0.append(byteCount) }
            storage.heal()
            return true
        }
        storage.fail(.fullAfter(bytes: 20_465))
        #expect(try await isRead(by: 3, through: test))
        await test.mirror.stop()
        #expect(try await storage.bytes(at: .data(blob.digest)) == blob.bytes)
        // What had come by then need not fit any more.
        #expect(asked.withLock { $0 } == [blob.size - 20_465])
        #expect(isOneDownload(through: test))
    }

    @Test func roomIsMadeForManifestsTagsAndLinks() async throws {
        let image = SampleImage(seed: 2)
        for key in ["docker/registry/v2/blobs", "docker/registry/v2/repositories"] {
            let storage = FaultyDriver(MemoryDriver())
            let test = mirror(over: storage) { _ in
                storage.heal()
                return true
            }
            test.upstream.add(image, to: .app, tag: .latest)
            storage.fail(StorageFault(.outOfSpace, on: [.put, .commit], below: .made(key)))
            _ = try await test.manifest(.tag(.latest))
            storage.fail(StorageFault(.outOfSpace, on: [.put, .commit], below: .made(key)))
            try await test.pullBlobs(of: image)
            test.upstream.fail(with: UpstreamError(.unavailable, "down"))
            let next = MirrorUnderTest(upstream: test.upstream, over: storage)
            #expect(try await next.manifest(.tag(.latest)).status == .stale)
            #expect(try await next.mirror.blob(image.config.digest, in: .app).status == .hit)
        }
    }

    @Test func withoutRoomTheClientNoticesNothing() async throws {
        let asked = Mutex(0)
        let test = mirror { _ in
            asked.withLock { $0 += 1 }
            return true
        }
        test.storage.fail(.fullAfter(bytes: 0))
        #expect(try await isRead(by: 3, through: test))
        #expect(asked.withLock { $0 } > 0)
        #expect(isOneDownload(through: test))
    }
}

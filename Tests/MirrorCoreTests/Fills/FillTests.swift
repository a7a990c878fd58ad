import MirrorCore
import MirrorTesting
import Testing

@Suite struct FillTests {
    private let blob = SampleBlob(seed: 1, size: 50_000)
    private let test = MirrorUnderTest()

    init() {
        test.upstream.add(blob, to: .app)
    }

    @Test func fortyReadersOfAMissingBlobCostOneTransfer() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 20_000, checkpoint))
        let allWait = Barrier(parties: 41)
        try await withThrowingTaskGroup(of: CacheStatus.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    let answer = try await test.mirror.blob(blob.digest, in: .app)
                    let head = try await answer.content.bytes(count: 10_000)
                    await allWait.arriveAndWait()
                    let rest = try await answer.content.bytes(from: 10_000)
                    #expect(head + rest == blob.bytes)
                    return answer.status
                }
            }
            await allWait.arriveAndWait()
            checkpoint.open()
            let statuses = try await group.reduce(into: []) { $0.append($1) }
            #expect(statuses.count { $0 == .miss } == 1)
            #expect(statuses.count { $0 == .coalesced } == 39)
        }
        #expect(test.upstream.transfers(of: blob.digest) == [0])
        #expect(test.upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func aLateReaderGetsAtOnceWhatIsThere() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 30_000, checkpoint))
        _ = try await test.mirror.blob(blob.digest, in: .app)
        for offset: Int64 in [0, 1, 4_093, 29_998] {
            let answer = try await test.mirror.blob(blob.digest, in: .app)
            #expect(answer.status == .coalesced)
            let count = 29_999 - offset
            let bytes = try await answer.content.bytes(from: offset, count: count)
            #expect(bytes == blob.bytes(in: offset..<29_999))
        }
        checkpoint.open()
        #expect(try await test.read(blob.digest) == blob.bytes)
    }

    @Test func aFillGoesOnWhenItsReaderLeaves() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 15_000, checkpoint))
        do {
            let content = try await test.mirror.blob(blob.digest, in: .app).content
            _ = try await content.bytes(count: 10_000)
        }
        checkpoint.open()
        #expect(try await test.read(blob.digest) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0])
    }

    @Test func aBlobThatIsHeldIsAHitWithoutUpstream() async throws {
        #expect(try await test.read(blob.digest) == blob.bytes)
        await test.mirror.stop()
        test.upstream.resetCounts()
        let answer = try await test.mirror.blob(blob.digest, in: .app)
        #expect(answer.status == .hit && answer.content.size == blob.size)
        #expect(try await answer.content.bytes(from: 49_000) == blob.bytes(in: 49_000..<50_000))
        #expect(try await test.mirror.blobInfo(blob.digest, in: .app).content.size == blob.size)
        #expect(test.upstream.callCount == 0)
    }

    @Test func theSecondReadOfAnOpenBlobCallsNoStorage() async throws {
        _ = try await test.read(blob.digest)
        await test.mirror.stop()
        _ = try await test.mirror.blob(blob.digest, in: .app)
        test.storage.resetCounts()
        #expect(try await test.mirror.blob(blob.digest, in: .app).status == .hit)
        #expect(test.storage.callCount == 0)
    }

    @Test(arguments: [true, false])
    func theLastByteIsHeldBackUntilTheDigestIsRight(statesSize: Bool) async throws {
        if !statesSize { test.upstream.hideSizes() }
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: blob.size, checkpoint))
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        let head = try await content.bytes(count: blob.size - 1)
        #expect(head == blob.bytes(in: 0..<blob.size - 1))
        async let last = content.bytes(from: blob.size - 1)
        await checkpoint.untilReached()
        checkpoint.open()
        #expect(try await last == blob.bytes(in: blob.size - 1..<blob.size))
    }

    @Test(arguments: [0, 1, 2, 4_093, 4_094])
    func blobsOfAnySizeArrive(size: Int64) async throws {
        let small = SampleBlob(seed: 9, size: size)
        test.upstream.add(small, to: .app)
        #expect(try await test.read(small.digest) == small.bytes)
        await test.mirror.stop()
        let again = try await test.mirror.blob(small.digest, in: .app)
        #expect(again.status == .hit)
        #expect(try await again.content.bytes() == small.bytes)
    }

    @Test(arguments: [0, 10_000])
    func aBlobOfUnknownSizeArrives(size: Int64) async throws {
        let unsized = SampleBlob(seed: 5, size: size)
        test.upstream.add(unsized, to: .app)
        test.upstream.hideSizes()
        #expect(try await test.read(unsized.digest) == unsized.bytes)
        #expect(test.upstream.transfers(of: unsized.digest) == [0])
    }

    @Test func aBlobNamedBySHA512Arrives() async throws {
        let digest = Digest(of: blob.bytes, by: .sha512)
        test.upstream.add(blob.bytes, as: digest, to: .app)
        #expect(try await test.read(digest) == blob.bytes)
        #expect(try await test.storage.bytes(at: .data(digest)) == blob.bytes)
    }

    @Test func manyDifferentBlobsArriveAtOnce() async throws {
        let blobs = (0..<50).map { SampleBlob(seed: UInt64(100 + $0), size: Int64($0) * 997) }
        for blob in blobs { test.upstream.add(blob, to: .app) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for blob in blobs {
                group.addTask {
                    let bytes = try await test.read(blob.digest)
                    #expect(bytes == blob.bytes)
                }
            }
            try await group.waitForAll()
        }
        for blob in blobs { #expect(test.upstream.transfers(of: blob.digest) == [0]) }
    }

    @Test func askingForInformationFetchesNoBlob() async throws {
        let answer = try await test.mirror.blobInfo(blob.digest, in: .app)
        #expect(answer.content.size == blob.size && answer.status == .miss)
        #expect(test.upstream.transfers(of: blob.digest).isEmpty)
    }

    @Test func stoppingEndsTheWaitOfReaders() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 15_000, checkpoint))
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        _ = try await content.bytes(count: 14_999)
        async let rest = test.error { _ = try await content.bytes(from: 14_999) }
        await test.mirror.stop()
        #expect(await rest != nil)
    }
}

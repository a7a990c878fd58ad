import MirrorCore
import MirrorTesting
import Testing

/// Blobs whose bytes on disk are not what was stored.
@Suite struct DamagedBlobTests {
    private let image = SampleImage(seed: 71)
    private let test = IntegrityUnderTest()

    init() {
        test.upstream.add(image, to: .app, tag: .latest)
    }

    private var blob: SampleBlob { image.layers[1] }

    // MARK: Size

    static let sizes = ["shorter", "longer", "empty"]

    private func bytes(_ size: String) -> [UInt8] {
        switch size {
        case "shorter": blob.bytes.dropLast()
        case "longer": blob.bytes + [0]
        default: []
        }
    }

    @Test(arguments: sizes)
    func ofAnotherSizeThanWasFetchedIsFetchedAgainAtThatRequest(_ size: String) async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        try await test.spoil(blob.digest, bytes(size))
        #expect(try await test.pull(blob) == (.miss, true))
        #expect(test.upstream.transfers(of: blob.digest) == [0, 0])
        #expect(try await test.setAside() == [blob.digest])
        await test.mirror.stop()
        #expect(try await test.pull(blob) == (.hit, true))
    }

    @Test(arguments: sizes)
    func ofAnotherSizeThanAHeldManifestSaysIsFetchedAgain(_ size: String) async throws {
        _ = try await test.mirror.manifest(.tag(.latest), in: .app)
        _ = try await test.pull(blob)
        let next = await test.restarted()
        try await next.spoil(blob.digest, bytes(size))
        _ = try await next.mirror.manifest(.digest(image.manifest.digest), in: .app)
        #expect(try await next.pull(blob) == (.miss, true))
        #expect(try await next.setAside() == [blob.digest])
        #expect(try await next.storage.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func isMissedByAQuestionForItsSizeToo() async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        try await test.spoil(blob.digest, [1])
        let info = try await test.mirror.blobInfo(blob.digest, in: .app)
        #expect(info.status == .miss && info.content.size == blob.size)
    }

    @Test func isToldOfOnceWithAllThatIsKnown() async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        try await test.spoil(blob.digest, [1, 2])
        for _ in 0..<3 { _ = try await test.pull(blob) }
        let record = try #require(test.findings.first)
        #expect(test.findings.count == 1 && record.level == .error)
        #expect(record.text("digest") == blob.digest.text)
        #expect(record.text("repository") == RepositoryName.app.text)
        #expect(record.text("found") == "2 bytes")
        #expect(record.text("expected") == "\(blob.size) bytes")
        #expect(test.mirror.integrityReport.damagedCount == 1)
    }

    @Test func isFetchedAgainForAnyRepositoryThatHasIt() async throws {
        test.upstream.add(blob, to: .other)
        _ = try await test.pull(blob)
        await test.mirror.stop()
        #expect(try await test.pull(blob, in: .other) == (.revalidated, true))
        let next = await test.restarted()
        try await next.spoil(blob.digest, [])
        next.upstream.resetCounts()
        #expect(try await next.pull(blob, in: .other) == (.miss, true))
        await next.mirror.stop()
        #expect(try await next.pull(blob) == (.hit, true))
        #expect(next.upstream.counts == [.blob: 1])
    }

    /// Anybody can make a manifest that says something wrong of another's layer.
    @Test func thatIsRightIsKeptWhateverAManifestSays() async throws {
        _ = try await test.pull(blob)
        let next = await test.restarted()
        let lie = SampleManifest(
            bytes: Array(#"{"layers":[{"digest":"\#(blob.digest)","size":7}]}"#.utf8),
            mediaType: .ociManifest)
        next.upstream.add(lie, to: .other)
        _ = try await next.mirror.manifest(.digest(lie.digest), in: .other)
        next.upstream.resetCounts()
        #expect(try await next.pull(blob) == (.hit, true))
        #expect(next.upstream.callCount == 0 && next.findings.isEmpty)
        #expect(try await next.setAside() == [])
    }

    // MARK: Reading

    @Test func thatCannotBeReadBreaksOffItsReadersAndIsFetchedAgain() async throws {
        test.upstream.add(blob, to: .other)
        _ = try await test.pull(blob)
        await test.mirror.stop()
        _ = try await test.pull(blob, in: .other)
        // One that has it at hand, one that opened it for itself.
        let readers = [
            try await test.mirror.blob(blob.digest, in: .app).content,
            try await test.mirror.blob(blob.digest, in: .other).content,
        ]
        for reader in readers { _ = try await reader.bytes(count: 1000) }
        test.storage.fail(StorageFault(.damaged, on: [.read], count: 1))
        for reader in readers {
            let error = await test.test.error { _ = try await reader.bytes(from: 1000) }
            #expect(error?.code == .unavailable)
        }
        #expect(test.findings.count == 1)
        #expect(test.findings.first?.text("error")?.contains("injected") == true)
        for repository in [RepositoryName.app, .other] {
            #expect(try await test.pull(blob, in: repository).isRight)
        }
        #expect(test.upstream.transfers(of: blob.digest) == [0, 0])
    }

    @Test(arguments: [StorageError.Code.notPermitted, .failed])
    func isNotWhatMerelyCannotBeReadNow(_ code: StorageError.Code) async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        test.storage.fail(StorageFault(code, on: [.read]))
        #expect(await test.test.error { _ = try await content.bytes() } != nil)
        test.storage.heal()
        #expect(try await content.bytes() == blob.bytes)
        #expect(try await test.pull(blob) == (.hit, true))
        #expect(test.findings.isEmpty)
    }

    // MARK: Storage that does not take it away

    @Test func isNotServedWhereItCannotBeSetAside() async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        try await test.spoil(blob.digest, [1])
        test.storage.fail(.readOnly)
        // What upstream sends instead is shared in memory.
        #expect(try await test.pull(blob) == (.miss, true))
        for _ in 0..<2 { #expect(try await test.pull(blob) == (.hit, true)) }
        #expect(test.findings.count == 1)
        #expect(test.mirror.integrityReport.inPlaceCount == 1)
        test.storage.heal()
        #expect(try await test.pull(blob).1)
    }

    @Test func isRemovedWhereThereIsNoRoomToSetItAside() async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        try await test.spoil(blob.digest, [1])
        test.storage.fail(StorageFault(.outOfSpace, on: [.move]))
        #expect(try await test.pull(blob) == (.miss, true))
        #expect(try await test.setAside() == [])
        #expect(test.mirror.integrityReport.inPlaceCount == 0)
    }

    @Test func isListedNowhere() async throws {
        _ = try await test.mirror.manifest(.tag(.latest), in: .app)
        _ = try await test.pull(blob)
        await test.mirror.stop()
        try await test.spoil(blob.digest, [])
        _ = try await test.pull(blob)
        #expect(try await test.mirror.repositories(after: nil, limit: 10) == [.app])
    }
}

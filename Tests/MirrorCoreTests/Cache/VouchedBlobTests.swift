import MirrorCore
import MirrorTesting
import Testing

/// A blob that is held for one repository and asked for in another while upstream cannot say
/// whether that one has it: a held manifest of it will do.
@Suite struct VouchedBlobTests {
    private let image = SampleImage(seed: 21)
    private let test = MirrorUnderTest(eviction: ImageScheduler(timeToLive: nil))

    private var layer: SampleBlob { image.layers[1] }

    init() {
        test.upstream.add(image, to: .app)
        test.upstream.add(image, to: .other)
    }

    /// Everything of one repository, and the manifest of the other.
    private func pull(layersUntil count: Int = .max) async throws {
        _ = try await test.manifest(.digest(image.manifest.digest), in: .other)
        for blob in image.blobs.prefix(count) { _ = try await test.read(blob.digest) }
        await test.mirror.stop()
        test.upstream.resetCounts()
    }

    @Test(arguments: [UpstreamError.Code.unavailable, .rateLimited, .invalid])
    func isServedForTheManifestThatNamesIt(_ code: UpstreamError.Code) async throws {
        try await pull()
        test.upstream.fail(with: UpstreamError(code, "no answer"))
        for blob in image.blobs {
            let answer = try await test.mirror.blob(blob.digest, in: .other)
            #expect(answer.status == .hit)
            #expect(try await answer.content.bytes() == blob.bytes)
        }
        #expect(test.upstream.counts == [.blobInfo: image.blobs.count])
        // It is linked: upstream is not even asked from now on.
        test.upstream.resetCounts()
        for blob in image.blobs { _ = try await test.read(blob.digest, in: .other) }
        #expect(test.upstream.callCount == 0)
    }

    @Test func itsSizeIsToldToo() async throws {
        try await pull()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let answer = try await test.mirror.blobInfo(layer.digest, in: .other)
        #expect(answer.content.size == layer.size)
        #expect(try await test.mirror.blob(layer.digest, in: .other).status == .hit)
    }

    @Test func isServedWhereItCannotBeLinked() async throws {
        try await pull()
        test.storage.fail(.readOnly)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await test.read(layer.digest, in: .other) == layer.bytes)
    }

    @Test func isReadWhileItArrivesForAnother() async throws {
        try await pull(layersUntil: 1)
        let checkpoint = Checkpoint()
        test.upstream.script(layer.digest, .holding(at: 10_000, checkpoint))
        let theirs = try await test.mirror.blob(layer.digest, in: .app)
        test.upstream.fail([.blobInfo], with: UpstreamError(.unavailable, "down"))
        #expect(
            try await test.mirror.blobInfo(layer.digest, in: .other).content.size == layer.size)
        let answer = try await test.mirror.blob(layer.digest, in: .other)
        #expect(answer.status == .coalesced)
        checkpoint.open()
        #expect(try await answer.content.bytes() == layer.bytes)
        #expect(try await theirs.content.bytes() == layer.bytes)
        #expect(test.upstream.byteCount(of: layer.digest) == layer.size)
    }

    @Test(arguments: [UpstreamError.Code.notFound, .denied])
    func isNotServedAgainstUpstreamsWord(_ code: UpstreamError.Code) async throws {
        try await pull()
        test.upstream.fail(with: UpstreamError(code, "no"))
        let read = await test.error { _ = try await test.read(layer.digest, in: .other) }
        #expect(read != nil && read?.code != .unavailable)
        let asked = await test.error {
            _ = try await test.mirror.blobInfo(layer.digest, in: .other)
        }
        #expect(asked != nil)
    }

    @Test func isNotServedToARepositoryWhoseManifestsDoNotNameIt() async throws {
        let others = SampleImage(seed: 22)
        test.upstream.add(others, to: .other)
        _ = try await test.manifest(.digest(others.manifest.digest), in: .other)
        for blob in image.blobs { _ = try await test.read(blob.digest) }
        _ = try await test.manifest(.digest(image.manifest.digest))
        await test.mirror.stop()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let error = await test.error { _ = try await test.read(layer.digest, in: .other) }
        #expect(error?.code == .unavailable)
        let asked = await test.error {
            _ = try await test.mirror.blobInfo(layer.digest, in: .other)
        }
        #expect(asked?.code == .unavailable)
        let link =
            "docker/registry/v2/repositories/team/other/_layers/sha256/\(layer.digest.hex)/link"
        #expect(try await test.storage.text(at: link) == nil)
    }

    @Test func aBlobThatNobodyHoldsIsNotMadeUp() async throws {
        try await pull(layersUntil: 0)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let error = await test.error { _ = try await test.read(layer.digest, in: .other) }
        #expect(error?.code == .unavailable)
        let asked = await test.error {
            _ = try await test.mirror.blobInfo(layer.digest, in: .other)
        }
        #expect(asked?.code == .unavailable)
        #expect(try await test.storage.paths().allSatisfy { !$0.contains("_layers") })
    }
}

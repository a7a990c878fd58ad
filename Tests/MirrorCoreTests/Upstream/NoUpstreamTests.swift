import MirrorCore
import MirrorTesting
import Testing

/// A mirror of nothing serves what its storage holds, and no more.
@Suite struct NoUpstreamTests {
    private let image = SampleImage(seed: 31)
    private let mirror: RegistryMirror

    /// What is held was fetched by another mirror.
    init() async throws {
        let filling = MirrorUnderTest()
        filling.upstream.add(image, to: .app, tag: .latest)
        _ = try await filling.manifest(.tag(.latest))
        for blob in image.blobs { _ = try await filling.read(blob.digest) }
        await filling.mirror.stop()
        mirror = RegistryMirror(
            storage: filling.storage, upstream: NoUpstream(), freshness: NeverAsking(),
            eviction: KeepingScheduler(), mayDelete: false)
    }

    @Test func whatIsHeldIsServedWithNothingToSayOfIt() async throws {
        let answer = try await mirror.manifest(.tag(.latest), in: .app)
        #expect(answer.content.digest == image.manifest.digest)
        #expect(answer.status == .hit)
        for blob in image.blobs {
            let content = try await mirror.blob(blob.digest, in: .app).content
            #expect(try await content.bytes() == blob.bytes)
        }
        #expect(try await mirror.tags(in: .app, from: .start).content.tags == ["latest"])
    }

    @Test func whatIsNotHeldIsNotFound() async throws {
        let other = SampleBlob(seed: 32, size: 100)
        await #expect(throws: MirrorError.self) {
            _ = try await mirror.manifest(.digest(other.digest), in: .app)
        }
        let error = await #expect(throws: MirrorError.self) {
            _ = try await mirror.blob(other.digest, in: .app)
        }
        #expect(error?.code == .notFound)
    }
}

import MirrorCore
import MirrorTesting
import Testing

/// What a mirror tells of what it holds, and of what it lets go of.
@Suite struct RetentionMetricsTests {
    private let image = SampleImage(seed: 32)

    /// A mirror that holds the image and whose work in the background has been begun.
    private func pulled() async throws -> ExpiringMirror {
        let test = ExpiringMirror()
        try await test.pull(image)
        await test.start()
        #expect(test.mirror.count("mirrord_cache_objects") == Int64(image.blobs.count + 1))
        return test
    }

    private var byteCount: Int64 {
        image.blobs.reduce(Int64(image.manifest.bytes.count)) { $0 + $1.size }
    }

    @Test func whatIsHeldIsCountedOnceWhicheverRepositoriesHaveIt() async throws {
        let test = try await pulled()
        #expect(test.mirror.count("mirrord_cache_bytes") == byteCount)
        #expect(test.mirror.count("mirrord_cache_complete") == 1)
        test.upstream.add(image, to: .other, tag: .latest)
        for blob in image.blobs { _ = try await test.mirror.blob(blob.digest, in: .other) }
        #expect(test.mirror.count("mirrord_cache_objects") == Int64(image.blobs.count + 1))
        #expect(test.mirror.count("mirrord_cache_bytes") == byteCount)
        await test.mirror.stop()
    }

    @Test func whatIsRemovedIsCountedByItsReasonWithItsBytes() async throws {
        let test = try await pulled()
        await test.pass(ExpiringMirror.ttl + .seconds(120))
        // What is open stays until it is closed, a round or two later.
        for _ in 0..<20 where test.mirror.count("mirrord_evictions_total", "unused") == 0 {
            await test.pass(ExpiringMirror.round)
        }
        #expect(test.mirror.count("mirrord_evictions_total", "unused") == 1)
        #expect(test.mirror.count("mirrord_evicted_bytes_total", "unused") == byteCount)
        for reason in ["age", "size", "space"] {
            #expect(test.mirror.count("mirrord_evictions_total", reason) == 0)
        }
        #expect(test.mirror.count("mirrord_cache_objects") == 0)
        #expect(test.mirror.count("mirrord_cache_bytes") == 0)
        await test.mirror.stop()
    }
}

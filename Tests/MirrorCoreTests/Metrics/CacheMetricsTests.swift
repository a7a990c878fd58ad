import MirrorCore
import MirrorTesting
import Testing

/// What a mirror counts of its answers.
@Suite struct CacheMetricsTests {
    private let image = SampleImage(seed: 31)
    private let answers = "mirrord_cache_answers_total"

    private func makeTest(_ clock: any TimeSource = ImpatientClock()) -> MirrorUnderTest {
        let test = MirrorUnderTest(clock: clock)
        test.upstream.add(image, to: .app, tag: .latest)
        return test
    }

    @Test func eachWayToAnAnswerIsCountedOnce() async throws {
        let test = makeTest()
        let mirror = test.mirror
        // One that needs no blobs.
        let manifest = SampleManifest(
            bytes: Array(#"{"schemaVersion":2,"layers":[]}"#.utf8), mediaType: .ociManifest)
        test.upstream.add(manifest, to: .app, tag: .latest)
        for _ in 0..<3 { _ = try await test.manifest(.tag(.latest)) }
        #expect(mirror.count(answers, "main", "manifest", "miss") == 1)
        #expect(mirror.count(answers, "main", "manifest", "revalidated") == 2)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        #expect(mirror.count(answers, "main", "manifest", "stale") == 1)
        _ = try await test.manifest(.digest(manifest.digest))
        #expect(mirror.count(answers, "main", "manifest", "hit") == 1)
        #expect(mirror.count("registry_proxy_requests_total", "manifest") == 5)
        #expect(mirror.count("registry_proxy_hits_total", "manifest") == 4)
        #expect(mirror.count("registry_proxy_misses_total", "manifest") == 1)
        #expect(mirror.count("registry_proxy_requests_total", "blob") == 0)
    }

    @Test func whoReadsAlongIsCoalescedAndCountsAsAMissOfTheReference() async throws {
        let test = makeTest()
        let blob = image.layers[0]
        let checkpoint = Checkpoint()
        test.upstream.hold(.blob, at: checkpoint)
        async let first = test.read(blob.digest)
        await checkpoint.untilReached()
        #expect(test.mirror.count("mirrord_fills_in_flight") == 1)
        async let second = test.mirror.blob(blob.digest, in: .app)
        checkpoint.open()
        #expect(try await first == blob.bytes)
        _ = try await second.content.bytes(from: 0)
        #expect(test.mirror.count(answers, "main", "blob", "miss") == 1)
        let others = ["coalesced", "hit"].compactMap {
            test.mirror.count(answers, "main", "blob", $0)
        }
        #expect(others.reduce(0, +) == 1)
        #expect(test.mirror.count("registry_proxy_requests_total", "blob") == 2)
    }

    @Test(arguments: [
        (UpstreamError.Code.notFound, "not_found"), (.denied, "denied"),
        (.rateLimited, "rate_limited"), (.unavailable, "unavailable"), (.invalid, "invalid"),
    ])
    func whatCannotBeHadIsCountedByItsReason(
        _ code: UpstreamError.Code, _ label: String
    ) async throws {
        let test = makeTest()
        test.upstream.fail(with: UpstreamError(code, "no"))
        await #expect(throws: MirrorError.self) { try await test.manifest(.tag(.latest)) }
        await #expect(throws: MirrorError.self) {
            try await test.mirror.blobInfo(image.layers[0].digest, in: .app)
        }
        let failures = "mirrord_cache_failures_total"
        #expect(test.mirror.count(failures, "main", "manifest", label) == 1)
        #expect(test.mirror.count(failures, "main", "blob", label) == 1)
        #expect(test.mirror.count("registry_proxy_requests_total", "manifest") == 0)
    }

    @Test func answersAreToldApartByRegistryAndNeverByRepository() async throws {
        let upstream = ScriptedFetcher()
        let ghcr = try #require(UpstreamName("ghcr.io"))
        var options = RegistryMirror.Options()
        options.upstreamLabels = UpstreamLabels(main: "docker.io", others: [ghcr])
        let mirror = RegistryMirror(
            storage: MemoryDriver(), upstream: upstream, eviction: KeepingScheduler(),
            mayDelete: false, options: options)
        for name in ["library/app", "team/app", "ghcr.io/owner/app"] {
            upstream.add(image, to: .made(name), tag: .latest)
            _ = try await mirror.manifest(.tag(.latest), in: .made(name))
        }
        #expect(mirror.count(answers, "docker.io", "manifest", "miss") == 2)
        #expect(mirror.count(answers, "ghcr.io", "manifest", "miss") == 1)
        for family in mirror.metrics { #expect(!family.labels.contains("repository")) }
    }

    @Test func whatIsAtHandIsTheReferencesDescriptorCache() async throws {
        let test = makeTest()
        _ = try await test.read(image.layers[0].digest)
        _ = try await test.mirror.blob(image.layers[0].digest, in: .app)
        let before = try #require(test.mirror.count("registry_storage_cache_hits_total"))
        let asked = try #require(test.mirror.count("registry_storage_cache_requests_total"))
        _ = try await test.mirror.blob(image.layers[0].digest, in: .app)
        #expect(test.mirror.count("registry_storage_cache_hits_total") == before + 1)
        #expect(test.mirror.count("registry_storage_cache_requests_total") == asked + 1)
    }

    @Test func fillsAreCountedByWhatBecameOfThem() async throws {
        let test = makeTest()
        _ = try await test.read(image.layers[0].digest)
        test.upstream.fail([.blob], with: UpstreamError(.notFound, "gone"))
        await #expect(throws: MirrorError.self) { try await test.read(image.layers[1].digest) }
        await until { test.mirror.count("mirrord_fills_total", "stored") == 1 }
        await until { test.mirror.count("mirrord_fills_total", "failed") == 1 }
        await until { test.mirror.count("mirrord_fills_in_flight") == 0 }
    }
}

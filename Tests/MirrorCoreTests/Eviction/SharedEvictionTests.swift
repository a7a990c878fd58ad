import MirrorCore
import MirrorTesting
import Testing

/// Registries have their own times and sizes, and share what both have.
@Suite struct SharedEvictionTests {
    private let ghcr = UpstreamName.made("ghcr.io")
    private let quay = UpstreamName.made("quay.io")

    private func test(limits: StoreLimits = StoreLimits()) -> SchedulerUnderTest {
        SchedulerUnderTest(
            EvictionPolicy(timeToLive: .seconds(100)),
            others: [
                ghcr: EvictionPolicy(timeToLive: .seconds(10)), quay: EvictionPolicy(maxSize: 100),
            ], limits: limits)
    }

    private func item(_ repository: String) -> CachedItem {
        CachedItem(.blob, Digest(of: [1]), in: .made(repository))
    }

    @Test func eachRegistrysContentGoesAtItsOwnTime() {
        let test = test()
        let items = ["app/a", "ghcr.io/a", "quay.io/a"].map(item)
        for item in items { test.store(item) }
        #expect(test.scheduler.nextWake(after: test.start) == test.start + .seconds(10))
        #expect(test.victims(at: 9) == [])
        #expect(test.evict(at: 10).map(\.items) == [[items[1]]])
        test.use(items[0], at: 50)
        #expect(test.victims(at: 149) == [])
        #expect(test.victims(at: 150) == [[items[0]]])
    }

    @Test func aRegistryHasNoMoreThanItsShare() {
        let test = test()
        let repository = RepositoryName.made("quay.io/a")
        for number in 0..<4 {
            test.storeImage("\(number)", in: repository, size: 30, at: number)
            test.storeImage("\(number)", size: 3_000, at: number)
        }
        let victims = test.evict(at: 5)
        #expect(victims.map(\.items) == [test.image("0", in: repository)])
        #expect(victims[0].reason == .size && victims[0].byteCount == 0)
    }

    @Test func whenTheStoreIsFullTheLeastRecentlyUsedGoesWhosesoeverItIs() {
        let test = test(limits: StoreLimits(maxSize: 70, headroom: 0))
        for (number, name) in ["app/a", "ghcr.io/a", "quay.io/a"].enumerated() {
            test.storeImage(name, in: .made(name), size: 30, at: number)
        }
        test.use(test.manifest("app/a", in: .made("app/a")), at: 5)
        #expect(test.victims(at: 6) == [test.image("ghcr.io/a", in: .made("ghcr.io/a"))])
    }

    /// The bytes stay when one registry lets go of a blob that another keeps for ever, also when
    /// the other's use is known from the disk alone.
    @Test func aBlobThatTwoRegistriesHaveStaysForTheOneThatKeepsIt() async throws {
        let storage = MemoryDriver()
        let blob = SampleBlob(seed: 5, size: 1000)
        let clock = ManualClock()
        let upstream = ScriptedFetcher()
        upstream.add(blob, to: .made("a"))
        func mirror() -> RegistryMirror {
            RegistryMirror(
                storage: storage,
                upstream: UpstreamRouter(
                    main: upstream,
                    others: [.made("ghcr.io"): upstream, .made("quay.io"): upstream]),
                eviction: ImageScheduler(
                    EvictionPolicy(timeToLive: .seconds(1000)),
                    others: [
                        ghcr: EvictionPolicy(timeToLive: .seconds(10)), quay: EvictionPolicy(),
                    ]),
                mayDelete: true, time: clock)
        }
        let first = mirror()
        for name in ["ghcr.io/a", "quay.io/a"] {
            let content = try await first.blob(blob.digest, in: .made(name)).content
            #expect(try await content.bytes() == blob.bytes)
        }
        await first.stop()
        let second = mirror()
        second.start()
        let layers = "docker/registry/v2/repositories/ghcr.io/a/_layers"
        let link = StorageKey.made("\(layers)/sha256/\(blob.digest.hex)/link")
        while try await storage.bytes(at: link) != nil {
            await clock.untilSleeping()
            clock.advance(by: .seconds(30))
        }
        await second.stop()
        #expect(try await storage.bytes(at: .data(blob.digest)) == blob.bytes)
        #expect(try await second.blob(blob.digest, in: .made("quay.io/a")).status == .hit)
    }
}

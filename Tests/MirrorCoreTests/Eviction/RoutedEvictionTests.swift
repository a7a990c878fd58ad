import MirrorCore
import MirrorTesting
import Testing

/// What goes next is decided for each registry by itself.
@Suite struct RoutedEvictionTests {
    private let start = WallTime.seconds(1_700_000_000)
    private let digest = Digest(of: Array("x".utf8), by: .sha256)
    private let eviction = RoutedEviction(
        main: TTLScheduler(ttl: .seconds(100)),
        others: [
            .made("ghcr.io"): TTLScheduler(ttl: .seconds(10)),
            .made("quay.io"): TTLScheduler(ttl: nil),
        ])

    private func item(_ repository: String) -> CachedItem {
        CachedItem(.blob, digest, in: .made(repository))
    }

    @Test func eachRegistrysContentGoesAtItsOwnTime() {
        let items = ["app/a", "ghcr.io/a", "quay.io/a"].map(item)
        for item in items { eviction.didStore(item, needs: [], lastUse: start) }
        #expect(eviction.nextWake(after: start) == start + .seconds(10))
        #expect(eviction.victims(at: start + .seconds(9), limit: 9) == [])
        #expect(eviction.victims(at: start + .seconds(10), limit: 9) == [items[1]])
        eviction.didRemove(items[1])
        eviction.didUse(items[0], at: start + .seconds(50))
        #expect(eviction.victims(at: start + .seconds(149), limit: 9) == [])
        #expect(eviction.victims(at: start + .seconds(150), limit: 9) == [items[0]])
    }

    @Test func noMoreGoAtOnceThanWasAskedFor() {
        for name in ["app/a", "app/b", "ghcr.io/a", "ghcr.io/b"] {
            eviction.didStore(item(name), needs: [], lastUse: start)
        }
        #expect(eviction.victims(at: start + .seconds(1000), limit: 3).count == 3)
    }

    @Test func whatIsKeptForEverIsKnownAllTheSame() {
        let item = item("quay.io/a")
        #expect(!eviction.knows(item))
        eviction.didStore(item, needs: [], lastUse: start)
        #expect(eviction.knows(item))
        #expect(!eviction.knows(self.item("ghcr.io/a")))
        #expect(eviction.records() == [UseRecord(item, needs: [], lastUse: start)])
        eviction.didRemove(item)
        #expect(!eviction.knows(item))
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
                eviction: RoutedEviction(
                    main: TTLScheduler(ttl: .seconds(1000)),
                    others: [
                        .made("ghcr.io"): TTLScheduler(ttl: .seconds(10)),
                        .made("quay.io"): TTLScheduler(ttl: nil),
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

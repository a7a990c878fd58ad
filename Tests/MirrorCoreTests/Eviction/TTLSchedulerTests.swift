import Testing

@testable import MirrorCore

@Suite struct TTLSchedulerTests {
    private let scheduler = TTLScheduler(ttl: .seconds(100))
    private let start = WallTime.seconds(1_000)

    private func blob(_ name: String, in repository: RepositoryName = .app) -> CachedItem {
        CachedItem(.blob, Digest(of: Array(name.utf8)), in: repository)
    }

    private func manifest(_ name: String, in repository: RepositoryName = .app) -> CachedItem {
        CachedItem(.manifest, Digest(of: Array(name.utf8)), in: repository)
    }

    private func victims(after seconds: Int, limit: Int = 100) -> Set<CachedItem> {
        let list = scheduler.victims(at: start + .seconds(seconds), limit: limit)
        #expect(Set(list).count == list.count)
        return Set(list)
    }

    private func remove(_ items: some Sequence<CachedItem>) {
        for item in items { scheduler.didRemove(item) }
    }

    @Test func whatNobodyUsesGoesWhenItsTimeIsOver() {
        scheduler.didStore(blob("a"), needs: [], lastUse: start)
        #expect(scheduler.nextWake(after: start) == start + .seconds(100))
        #expect(victims(after: 99).isEmpty)
        #expect(victims(after: 100) == [blob("a")])
    }

    @Test func aUseRenews() {
        scheduler.didStore(blob("a"), needs: [], lastUse: start)
        scheduler.didUse(blob("a"), at: start + .seconds(90))
        #expect(victims(after: 189).isEmpty)
        #expect(victims(after: 190) == [blob("a")])
    }

    @Test func aVictimThatCouldNotGoComesAgain() {
        scheduler.didStore(blob("a"), needs: [], lastUse: start)
        #expect(victims(after: 100) == [blob("a")])
        #expect(victims(after: 100).isEmpty)
        #expect(victims(after: 160) == [blob("a")])
        remove([blob("a")])
        #expect(victims(after: 10_000).isEmpty && !scheduler.knows(blob("a")))
    }

    @Test func anImageGoesAsAWhole() {
        let parts = [blob("config"), blob("layer")]
        for part in parts { scheduler.didStore(part, needs: [], lastUse: start) }
        scheduler.didStore(
            manifest("image"), needs: parts.map(\.digest), lastUse: start + .seconds(50))
        #expect(victims(after: 149).isEmpty)
        #expect(victims(after: 150) == [manifest("image")])
        remove([manifest("image")])
        #expect(victims(after: 150) == Set(parts))
    }

    @Test func anIndexKeepsItsChildrenAndTheyGoAfterIt() {
        scheduler.didStore(blob("layer"), needs: [], lastUse: start)
        scheduler.didStore(manifest("image"), needs: [blob("layer").digest], lastUse: start)
        scheduler.didStore(manifest("index"), needs: [manifest("image").digest], lastUse: start)
        #expect(victims(after: 100) == [manifest("index")])
        remove([manifest("index")])
        #expect(victims(after: 100) == [manifest("image")])
        remove([manifest("image")])
        #expect(victims(after: 100) == [blob("layer")])
    }

    @Test func aBlobOfTwoImagesStaysWithTheSecond() {
        scheduler.didStore(blob("base"), needs: [], lastUse: start)
        scheduler.didStore(manifest("one"), needs: [blob("base").digest], lastUse: start)
        scheduler.didStore(
            manifest("two"), needs: [blob("base").digest], lastUse: start + .seconds(60))
        #expect(victims(after: 100) == [manifest("one")])
        remove([manifest("one")])
        #expect(victims(after: 159).isEmpty)
        #expect(victims(after: 160) == [manifest("two")])
        remove([manifest("two")])
        #expect(victims(after: 160) == [blob("base")])
    }

    @Test func anImageKeepsOnlyTheBlobsOfItsOwnRepository() {
        scheduler.didStore(blob("base", in: .other), needs: [], lastUse: start)
        scheduler.didStore(
            manifest("one"), needs: [blob("base").digest], lastUse: start + .seconds(60))
        #expect(victims(after: 100) == [blob("base", in: .other)])
    }

    @Test func aManifestFoundDamagedKeepsItsBlobsOnceItIsHealed() {
        scheduler.didStore(manifest("image"), needs: [], lastUse: start)
        scheduler.didStore(blob("layer"), needs: [], lastUse: start)
        scheduler.didStore(
            manifest("image"), needs: [blob("layer").digest], lastUse: start + .seconds(90))
        #expect(victims(after: 100).isEmpty)
        #expect(victims(after: 190) == [manifest("image")])
    }

    @Test func noMoreAreNamedThanAskedForAndNoneIsLost() {
        let items = (0..<250).map { blob("\($0)") }
        for item in items { scheduler.didStore(item, needs: [], lastUse: start) }
        var gone: Set<CachedItem> = []
        for _ in 0..<3 {
            let batch = victims(after: 100)
            #expect(batch.count <= 100 && gone.isDisjoint(with: batch))
            gone.formUnion(batch)
            remove(batch)
        }
        #expect(gone == Set(items))
    }

    @Test func whatIsStoredAgainIsNamedOnce() {
        for _ in 0..<5 {
            scheduler.didStore(blob("a"), needs: [], lastUse: start)
            remove([blob("a")])
        }
        scheduler.didStore(blob("a"), needs: [], lastUse: start)
        #expect(victims(after: 100) == [blob("a")])
        #expect(victims(after: 159).isEmpty)
    }

    @Test func unknownItemsDoNoHarm() {
        scheduler.didUse(blob("a"), at: start)
        scheduler.didRemove(blob("a"))
        #expect(victims(after: 1_000).isEmpty && scheduler.nextWake(after: start) == nil)
    }

    @Test func recordsTellEverything() {
        scheduler.didStore(blob("a"), needs: [], lastUse: start)
        scheduler.didStore(manifest("m"), needs: [blob("a").digest], lastUse: start)
        scheduler.didUse(blob("a"), at: start + .seconds(5))
        #expect(
            Set(scheduler.records()) == [
                UseRecord(blob("a"), needs: [], lastUse: start + .seconds(5)),
                UseRecord(manifest("m"), needs: [blob("a").digest], lastUse: start),
            ])
    }
}

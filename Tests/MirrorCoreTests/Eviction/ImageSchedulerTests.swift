import MirrorCore
import Testing

/// What goes by time, and as what.
@Suite struct ImageSchedulerTests {
    private let test = SchedulerUnderTest(EvictionPolicy(timeToLive: .seconds(100)))

    @Test func whatNobodyUsesGoesWhenItsTimeIsOver() {
        test.store(test.blob("a"))
        #expect(test.scheduler.nextWake(after: test.start) == test.start + .seconds(100))
        #expect(test.victims(at: 99) == [])
        #expect(test.victims(at: 100) == [[test.blob("a")]])
    }

    @Test func aUseRenews() {
        test.store(test.blob("a"))
        test.use(test.blob("a"), at: 90)
        #expect(test.victims(at: 189) == [])
        #expect(test.victims(at: 190) == [[test.blob("a")]])
    }

    @Test func itKnowsWhatAHeldManifestOfARepositoryNeeds() {
        test.storeImage("a")
        let layer = test.digest("a-layer")
        #expect(test.scheduler.isNeeded(layer, in: .app))
        #expect(!test.scheduler.isNeeded(layer, in: .other))
        #expect(!test.scheduler.isNeeded(test.digest("a"), in: .app))
        test.remove([test.blob("a-layer")])
        #expect(test.scheduler.isNeeded(layer, in: .app))
        test.remove([test.manifest("a")])
        #expect(!test.scheduler.isNeeded(layer, in: .app))
    }

    @Test func aVictimThatCouldNotGoComesAgain() {
        test.store(test.blob("a"))
        #expect(test.victims(at: 100) == [[test.blob("a")]])
        #expect(test.victims(at: 159) == [])
        #expect(test.victims(at: 160) == [[test.blob("a")]])
        test.remove([test.blob("a")])
        #expect(test.victims(at: 10_000) == [] && !test.scheduler.knows(test.blob("a")))
    }

    @Test func whatIsPostponedComesAgainWhenItWasSaid() {
        test.store(test.blob("a"))
        #expect(test.victims(at: 100) == [[test.blob("a")]])
        test.scheduler.postpone(test.blob("a"), until: test.start + .seconds(500))
        #expect(test.victims(at: 499) == [])
        #expect(test.victims(at: 500) == [[test.blob("a")]])
    }

    @Test func anImageGoesAsAWholeItsManifestFirst() {
        let parts = [test.blob("config"), test.blob("layer")]
        for part in parts { test.store(part) }
        test.store(test.manifest("image"), needs: parts, at: 50)
        #expect(test.victims(at: 149) == [])
        #expect(test.victims(at: 150) == [[test.manifest("image")] + parts])
    }

    @Test func aUseOfAPartIsAUseOfTheImage() {
        test.storeImage("one")
        test.use(test.blob("one-layer"), at: 60)
        #expect(test.victims(at: 159) == [])
        #expect(test.victims(at: 160) == [test.image("one")])
    }

    @Test func anIndexGoesWithItsImages() {
        test.store(test.blob("layer"))
        test.store(test.manifest("image"), needs: [test.blob("layer")])
        test.store(test.manifest("index"), needs: [test.manifest("image"), test.manifest("other")])
        #expect(
            test.victims(at: 100) == [
                [test.manifest("index"), test.manifest("image"), test.blob("layer")]
            ])
    }

    @Test func aBlobOfTwoImagesStaysWithTheSecond() {
        let base = test.blob("base")
        test.store(base)
        test.store(test.manifest("one"), needs: [base])
        test.store(test.manifest("two"), needs: [base], at: 60)
        #expect(test.evict(at: 100).map(\.items) == [[test.manifest("one")]])
        #expect(test.victims(at: 159) == [])
        #expect(test.victims(at: 160) == [[test.manifest("two"), base]])
    }

    @Test func whatOneImageNeedsTwiceGoesWithItOnce() {
        let layer = test.blob("empty")
        test.store(layer)
        test.store(test.manifest("one"), needs: [layer, layer])
        #expect(test.evict(at: 100).map(\.items) == [[test.manifest("one"), layer]])
        #expect(test.scheduler.records() == [])
    }

    @Test func anImageKeepsOnlyTheLinksOfItsOwnRepository() {
        test.store(test.blob("base", in: .other))
        test.store(test.manifest("one"), needs: [test.blob("base")], at: 60)
        #expect(test.victims(at: 100) == [[test.blob("base", in: .other)]])
    }

    @Test func aManifestFoundDamagedKeepsItsBlobsOnceItIsHealed() {
        test.store(test.manifest("image"))
        test.store(test.blob("layer"))
        test.store(test.manifest("image"), needs: [test.blob("layer")], at: 90)
        #expect(test.victims(at: 100) == [])
        #expect(test.victims(at: 190) == [[test.manifest("image"), test.blob("layer")]])
    }

    @Test func noMoreAreNamedThanAskedForAndNoneIsLost() {
        let items = (0..<250).map { test.blob("\($0)") }
        for item in items { test.store(item) }
        var gone: Set<CachedItem> = []
        for _ in 0..<3 {
            let batch = test.evict(at: 100).flatMap(\.items)
            #expect(batch.count <= 100 && gone.isDisjoint(with: batch))
            gone.formUnion(batch)
        }
        #expect(gone == Set(items))
    }

    @Test func whatIsStoredAgainIsNamedOnce() {
        for _ in 0..<5 {
            test.store(test.blob("a"))
            test.remove([test.blob("a")])
        }
        test.store(test.blob("a"))
        #expect(test.victims(at: 100) == [[test.blob("a")]])
        #expect(test.victims(at: 159) == [])
    }

    @Test func unknownItemsDoNoHarm() {
        test.use(test.blob("a"), at: 0)
        test.remove([test.blob("a")])
        test.scheduler.postpone(test.blob("a"), until: test.start)
        #expect(test.victims(at: 1_000) == [])
        #expect(test.scheduler.nextWake(after: test.start) == nil)
    }

    @Test func recordsTellEverything() {
        test.store(test.blob("a"), size: 7)
        test.store(test.manifest("m"), needs: [test.blob("a")], at: 2)
        test.use(test.blob("a"), at: 5)
        let start = test.start
        let records = [
            HeldItem(
                test.blob("a"), size: 7, storedAt: start, lastUse: start + .seconds(5)),
            HeldItem(
                test.manifest("m"), needs: [test.digest("a")], storedAt: start + .seconds(2),
                lastUse: start + .seconds(2)),
        ]
        #expect(Set(test.scheduler.records()) == Set(records))
        #expect(test.scheduler.didRemove(test.blob("a")) == records[0])
        #expect(test.scheduler.didRemove(test.blob("a")) == nil)
    }

    @Test func anImageOfWhichAPartArrivesIsLeftAlone() {
        test.store(test.manifest("one"), needs: [test.blob("one-layer")])
        var situation = test.situation(100)
        situation.arriving = [test.blob("one-layer")]
        #expect(test.scheduler.victims(in: situation, limit: 9) == [])
        #expect(test.victims(at: 100) == [])
        #expect(test.victims(at: 101) == [[test.manifest("one")]])
    }

    @Test func whatArrivesForAnotherRepositoryKeepsNoImageOfThisOne() {
        test.store(test.manifest("one"), needs: [test.blob("one-layer")])
        var situation = test.situation(100)
        situation.arriving = [test.blob("one-layer", in: .other)]
        let victims = test.scheduler.victims(in: situation, limit: 9)
        #expect(victims.map(\.items) == [[test.manifest("one")]])
    }

    // MARK: Age

    @Test func whatIsTooOldGoesHoweverMuchItIsUsed() {
        let test = SchedulerUnderTest(EvictionPolicy(maxAge: .seconds(100)))
        test.storeImage("one")
        test.use(test.manifest("one"), at: 99)
        #expect(test.victims(at: 99) == [])
        let victims = test.evict(at: 100)
        #expect(victims.map(\.items) == [test.image("one")] && victims[0].reason == .age)
        #expect(victims[0].lastUse == test.start + .seconds(99))
    }

    @Test func whatANewImageNeedsIsNotTooOldForIt() {
        let test = SchedulerUnderTest(EvictionPolicy(maxAge: .seconds(100)))
        test.store(test.blob("base"))
        test.store(test.manifest("old"), needs: [test.blob("base")])
        test.store(test.manifest("new"), needs: [test.blob("base")], at: 60)
        #expect(test.evict(at: 100).map(\.items) == [[test.manifest("old")]])
        #expect(test.victims(at: 159) == [])
        #expect(test.victims(at: 160) == [[test.manifest("new"), test.blob("base")]])
    }

    @Test func whatIsFetchedAgainIsYoungAgain() {
        let test = SchedulerUnderTest(EvictionPolicy(maxAge: .seconds(100)))
        test.storeImage("one")
        #expect(test.evict(at: 100).count == 1)
        test.storeImage("one", at: 101)
        #expect(test.victims(at: 200) == [])
        #expect(test.victims(at: 201) == [test.image("one")])
    }
}

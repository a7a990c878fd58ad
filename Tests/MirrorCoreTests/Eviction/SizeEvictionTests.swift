import MirrorCore
import Testing

/// What goes when there is too much.
@Suite struct SizeEvictionTests {
    /// Room for 1,000 bytes, of which 200 are free after an eviction.
    private let test = SchedulerUnderTest(limits: StoreLimits(maxSize: 1_000, headroom: 0.2))

    private func names(_ victims: [EvictionVictim]) -> [CachedItem?] { victims.map(\.items.first) }

    @Test func nothingGoesUpToTheLimit() {
        for number in 0..<10 { test.storeImage("\(number)", size: 100, at: number) }
        #expect(test.evict(at: 10_000) == [])
    }

    @Test func whatWasUsedLeastRecentlyGoesUntilThereIsHeadroom() {
        for number in 0..<11 { test.storeImage("\(number)", size: 100, at: number) }
        test.use(test.manifest("0"), at: 50)
        let victims = test.evict(at: 60)
        #expect(names(victims) == ["1", "2", "3"].map { test.manifest($0) })
        #expect(victims.allSatisfy { $0.reason == .size && $0.byteCount == 100 })
        #expect(test.evict(at: 60) == [])
        // It begins anew only above the limit.
        test.storeImage("a", size: 200, at: 70)
        #expect(test.evict(at: 70) == [])
        test.storeImage("b", size: 1, at: 71)
        #expect(names(test.evict(at: 71)) == ["4", "5", "6"].map { test.manifest($0) })
    }

    @Test func anEvictionGoesOnWhereItsBatchEnded() {
        for number in 0..<11 { test.storeImage("\(number)", size: 100, at: number) }
        var gone: [CachedItem?] = []
        while true {
            let victims = test.evict(at: 60, limit: 1)
            if victims.isEmpty { break }
            gone += names(victims)
        }
        #expect(gone == ["0", "1", "2"].map { test.manifest($0) })
    }

    @Test func bytesThatAreOnTheirWayHaveRoomMadeForThem() {
        for number in 0..<8 { test.storeImage("\(number)", size: 100, at: number) }
        var situation = test.situation(60)
        situation.expectedByteCount = 300
        let victims = test.scheduler.victims(in: situation, limit: 100)
        #expect(names(victims) == ["0", "1", "2"].map { test.manifest($0) })
    }

    @Test func bytesThatSeveralRepositoriesHaveCountOnceAndGoWithTheLast() {
        for name in [RepositoryName.app, .other] { test.storeImage("one", in: name, size: 900) }
        #expect(test.evict(at: 1) == [])
        test.storeImage("two", size: 101, at: 2)
        let victims = test.evict(at: 3)
        #expect(Set(names(victims)) == [test.manifest("one"), test.manifest("one", in: .other)])
        #expect(victims.map(\.byteCount) == [0, 900])
    }

    @Test func bytesThatAManifestElsewhereNeedsAreKeptAndCounted() {
        test.store(test.blob("base"), size: 600)
        test.store(test.manifest("one"), needs: [test.blob("base")], size: 10)
        test.store(
            test.manifest("two", in: .other), needs: [test.blob("base")], size: 10, at: 50)
        test.storeImage("three", in: .other, size: 401, at: 60)
        let victims = test.evict(at: 70)
        // The first frees nothing but its manifest, so the second has to go as well: with it,
        // nobody needs the blob any more.
        #expect(names(victims) == [test.manifest("one"), test.manifest("two", in: .other)])
        #expect(victims.map(\.byteCount) == [10, 610])
        #expect(test.evict(at: 71) == [])
    }

    @Test func anImageThatIsBusyDoesNotKeepOthersFromGoing() {
        for number in 0..<11 { test.storeImage("\(number)", size: 100, at: number) }
        #expect(
            names(test.scheduler.victims(in: test.situation(60), limit: 1)) == [
                test.manifest("0")
            ])
        #expect(names(test.evict(at: 60)) == ["1", "2", "3"].map { test.manifest($0) })
    }

    // MARK: Disk space

    private let disk = SchedulerUnderTest(
        limits: StoreLimits(minFree: .fraction(0.1), headroom: 0.5))

    private func situation(available: Int64, at seconds: Int = 60) -> EvictionSituation {
        var situation = disk.situation(seconds)
        situation.space = StorageSpace(total: 1_000, available: available)
        return situation
    }

    @Test func whatWasUsedLeastRecentlyGoesWhileTheDiskIsTooFull() {
        for number in 0..<5 { disk.storeImage("\(number)", size: 20, at: number) }
        #expect(disk.scheduler.victims(in: situation(available: 100), limit: 9) == [])
        let victims = disk.scheduler.victims(in: situation(available: 99), limit: 9)
        #expect(names(victims) == ["0", "1", "2"].map { disk.manifest($0) })
        #expect(victims.allSatisfy { $0.reason == .space })
        for victim in victims { disk.remove(victim.items) }
        // Still below the headroom, whoever wrote meanwhile.
        let more = disk.scheduler.victims(in: situation(available: 149), limit: 9)
        #expect(names(more) == [disk.manifest("3")])
        #expect(disk.scheduler.victims(in: situation(available: 150), limit: 9) == [])
        #expect(disk.scheduler.victims(in: situation(available: 120), limit: 9) == [])
    }

    @Test func aNumberOfBytesToStayFreeIsOneToo() {
        let disk = SchedulerUnderTest(limits: StoreLimits(minFree: .bytes(300), headroom: 0))
        disk.storeImage("one", size: 20)
        #expect(disk.scheduler.victims(in: situation(available: 300), limit: 9) == [])
        #expect(disk.scheduler.victims(in: situation(available: 299), limit: 9).count == 1)
    }

    @Test func whoeverHasNoRoomIsMadeSome() {
        for number in 0..<5 { disk.storeImage("\(number)", size: 20, at: number) }
        var situation = disk.situation(60)
        situation.wantedByteCount = 41
        let victims = disk.scheduler.victims(in: situation, limit: 9)
        #expect(names(victims) == ["0", "1", "2"].map { disk.manifest($0) })
    }

    // MARK: Dry runs

    @Test func aPlanNamesAllThatWouldGoAndChangesNothing() {
        for number in 0..<11 { test.storeImage("\(number)", size: 100, at: number) }
        let plan = test.scheduler.plan(in: test.situation(60), limit: 100)
        #expect(test.scheduler.plan(in: test.situation(60), limit: 100) == plan)
        #expect(test.scheduler.plan(in: test.situation(60), limit: 2) == Array(plan.prefix(2)))
        #expect(test.evict(at: 60) == plan && plan.count == 3)
    }

    @Test func aPlanOfADiskThatIsTooFullEndsWhenThereIsRoom() {
        for number in 0..<300 { disk.storeImage("\(number)", size: 1, at: number) }
        let plan = disk.scheduler.plan(in: situation(available: 50, at: 400), limit: 1_000)
        #expect(plan.count == 100)
    }
}

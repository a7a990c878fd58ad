import MirrorTesting
import Testing

@testable import MirrorCore

/// Setting aside while others open, replace and remove the same digest.
@Suite struct SetAsideTests {
    private let blob = SampleBlob(seed: 74, size: 1000)
    private let driver = FaultyDriver(MemoryDriver())
    private let turns = DigestTurns()
    private let counters = IntegrityCounters()
    private let closed = Gate()
    private let damage: DamageControl
    private let sound: SoundStore

    init() async throws {
        damage = DamageControl(
            driver, turns: turns, counters: counters, time: ManualClock(), logger: .disabled,
            atHand: DamageControl.ContentAtHand(
                close: { [closed] _ in closed.open() }, bytes: { _ in nil }))
        sound = SoundStore(ContentStore(driver), damage: damage, sizes: KnownSizes())
        try await driver.put(blob.flipped, at: .data(blob.digest))
    }

    private func opened() async throws -> WatchedObject {
        try #require(try await sound.open(blob.digest))
    }

    private func setAside(_ object: WatchedObject) async {
        await damage.setAside(object, .digest(Digest(of: blob.flipped)))
    }

    @Test func whoeverOpenedItBeforeIsBrokenOffAndWhoOpensLaterFindsNothing() async throws {
        let (first, second) = (try await opened(), try await opened())
        await setAside(first)
        for object in [first, second] {
            #expect(!object.isSound && object.region(0..<10) == nil)
            let error = await #expect(throws: StorageError.self) {
                try await object.read(at: 0, limit: 10)
            }
            #expect(error?.code == .damaged)
        }
        #expect(try await sound.open(blob.digest) == nil)
        #expect(closed.isOpen)
    }

    @Test func whatIsPutInItsPlaceCanBeRead() async throws {
        await setAside(try await opened())
        try await driver.put(blob.bytes, at: .data(blob.digest))
        sound.didStore(blob.digest, size: blob.size)
        let object = try await opened()
        #expect(object.isSound)
        #expect(try await object.readAll() == blob.bytes)
    }

    @Test func whatHasTakenItsPlaceMeanwhileStays() async throws {
        let object = try await opened()
        try await driver.put(blob.bytes, at: .data(blob.digest))
        await setAside(object)
        #expect(try await driver.bytes(at: .data(blob.digest)) == blob.bytes)
        #expect(counters.report.damagedCount == 0 && damage.record.latest == 0)
    }

    @Test func whatHasBeenRemovedMeanwhileIsNoDamage() async throws {
        let object = try await opened()
        try await driver.delete(.data(blob.digest))
        await setAside(object)
        #expect(counters.report.damagedCount == 0)
        #expect(try await driver.paths() == [])
    }

    @Test func manyWhoFindItAtOnceSetItAsideOnce() async throws {
        let objects = [try await opened(), try await opened(), try await opened()]
        await withDiscardingTaskGroup { group in
            for object in objects { group.addTask { await setAside(object) } }
        }
        #expect(counters.report.damagedCount == 1)
    }

    /// As when a fill is about to put it in its place.
    @Test func waitsForItsTurn() async throws {
        let object = try await opened()
        let (begun, goesOn) = (Gate(), Gate())
        async let replaced: Void = turns.run(blob.digest) {
            begun.open()
            await goesOn.wait()
            try await driver.put(blob.bytes, at: .data(blob.digest))
        }
        await begun.wait()
        async let isDone: Void = setAside(object)
        await Task.yield()
        goesOn.open()
        try await replaced
        await isDone
        #expect(try await driver.bytes(at: .data(blob.digest)) == blob.bytes)
    }

    @Test func whatIsKnownToLieInItsPlaceIsNotOpened() async throws {
        let object = try await opened()
        driver.fail(.readOnly)
        await setAside(object)
        #expect(try await sound.open(blob.digest) == nil)
        #expect(try await driver.stat(.data(blob.digest)) != nil)
        driver.heal()
        try await driver.put(blob.bytes, at: .data(blob.digest))
        sound.didStore(blob.digest, size: blob.size)
        #expect(try await opened().isSound)
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// Segments of the journal.
@Suite struct UseJournalTests {
    private let driver = FaultyDriver(MemoryDriver())
    private let log = RecordingSink()

    private func record(_ number: Int, at seconds: Int64 = 0) -> HeldItem {
        let item = CachedItem(.blob, Digest(of: Array("\(number)".utf8)), in: .app)
        return HeldItem(item, storedAt: .seconds(0), lastUse: .seconds(seconds))
    }

    /// Another process that opens the journal, and what it reads there.
    private func open() async throws -> (journal: UseJournal, changes: [UseChange]) {
        var journal = UseJournal(driver, logger: Logger(sink: log))
        let changes = try await news(&journal)
        return (journal, changes)
    }

    private func news(_ journal: inout UseJournal) async throws -> [UseChange] {
        var changes: [UseChange] = []
        try await journal.readNews { changes.append($0) }
        return changes
    }

    /// The numbers of the segments.
    private func segments() async throws -> [Int?] {
        try await driver.paths(below: .made("mirrord")).map { path in
            Int(path.dropFirst("mirrord/uses/".count).prefix { $0 != "-" })
        }
    }

    @Test func aNewJournalHasNothing() async throws {
        let (journal, changes) = try await open()
        #expect(changes == [] && !journal.isFragmented)
        #expect(try await segments() == [])
    }

    @Test func changesComeBackInTheOrderTheyWereWrittenIn() async throws {
        var (journal, _) = try await open()
        try await journal.append([.stored(record(1)), .stored(record(2))])
        try await journal.append([.removed(record(1).item)])
        var (second, changes) = try await open()
        #expect(
            changes == [.stored(record(1)), .stored(record(2)), .removed(record(1).item)])
        try await second.append([.stored(record(3))])
        #expect(try await segments() == [1, 2, 3])
        #expect(try await open().changes.count == 4)
    }

    @Test func itIsFragmentedAfter64SegmentsWhoeverWroteThem() async throws {
        for count in 1...64 {
            var (journal, _) = try await open()
            #expect(!journal.isFragmented)
            try await journal.append([.stored(record(count))])
            #expect(journal.isFragmented == (count == 64))
        }
        var (journal, changes) = try await open()
        #expect(journal.isFragmented && changes.count == 64)
        try await journal.pack { _ in true }
        #expect(!journal.isFragmented)
        #expect(try await segments() == [65])
        #expect(try await open().changes == changes)
    }

    @Test func whatIsPackedSaysHowThingsAre() async throws {
        var (journal, _) = try await open()
        let (held, gone) = (record(1), record(2))
        try await journal.append([.stored(held), .stored(gone)])
        try await journal.append([.used(held.item, at: .seconds(1)), .removed(held.item)])
        try await journal.append([.stored(record(1, at: 2)), .used(gone.item, at: .seconds(2))])
        try await journal.append([.used(held.item, at: .seconds(3)), .removed(gone.item)])
        try await journal.append([.used(held.item, at: .seconds(4)), .removed(gone.item)])
        try await journal.pack { $0 == held.item }
        #expect(
            try await open().changes == [
                .stored(record(1, at: 2)), .used(held.item, at: .seconds(4)), .removed(gone.item),
            ])
    }

    @Test func itIsWastefulWhenMostLinesAreOutOfDate() async throws {
        var (journal, _) = try await open()
        let uses = (0..<4_200).map { UseChange.used(record(1).item, at: .seconds($0)) }
        try await journal.append(uses)
        #expect(journal.isWasteful(whileHeld: 50))
        #expect(!journal.isWasteful(whileHeld: 60))
        #expect(try await open().journal.isWasteful(whileHeld: 50))
        try await journal.replace(with: [record(1)]) { _ in true }
        #expect(!journal.isWasteful(whileHeld: 1))
        #expect(try await open().changes == [.stored(record(1))])
    }

    @Test func whatWasRemovedLatelyIsToldOfWhenEverythingIsWrittenAnew() async throws {
        var (journal, _) = try await open()
        var (other, _) = try await open()
        try await journal.append([.stored(record(1)), .stored(record(2))])
        try await journal.append([.removed(record(1).item), .removed(record(2).item)])
        try await journal.append([.stored(record(2))])
        try await journal.replace(with: [record(2)]) { $0 == record(2).item }
        let expected: [UseChange] = [.stored(record(2)), .removed(record(1).item)]
        #expect(try await news(&other) == expected)
    }

    @Test(arguments: [0, 1, 2])
    func aReplacementThatIsCutShortLosesNothing(skipping: Int) async throws {
        var (journal, _) = try await open()
        for number in 1...3 { try await journal.append([.stored(record(number, at: 1))]) }
        driver.fail(StorageFault(.failed, on: [.delete], skipping: skipping, count: 1))
        await #expect(throws: StorageError.self) {
            try await journal.replace(with: (1...3).map { record($0, at: 2) }) { _ in true }
        }
        #expect(try await segments().count == 4 - skipping)
        #expect(try await open().changes.suffix(3) == (1...3).map { .stored(record($0, at: 2)) })
        try await journal.replace(with: [record(1, at: 3)]) { _ in true }
        #expect(try await open().changes == [.stored(record(1, at: 3))])
    }

    @Test func aReplacementThatIsNotWrittenLeavesWhatWasThere() async throws {
        var (journal, _) = try await open()
        try await journal.append([.stored(record(1))])
        driver.fail(StorageFault(.outOfSpace, on: [.put], count: 1))
        await #expect(throws: StorageError.self) {
            try await journal.replace(with: [record(2)]) { _ in true }
        }
        #expect(try await open().changes == [.stored(record(1))])
    }

    @Test func damagedLinesAreLeftOutAndCounted() async throws {
        let lines = ["+ damaged", UseChange.stored(record(1)).line, "", "\u{0}\u{ff}", "- x"]
        let bytes = Array(lines.joined(separator: "\n").utf8)
        try await driver.put(bytes, at: .made("mirrord/uses/000000000001"))
        #expect(try await open().changes == [.stored(record(1))])
        #expect(log.messages(.warning).count == 1)
        #expect(
            log.records.first?.fields
                == [LogField("segment", "000000000001"), LogField("lines", 3)])
    }

    @Test(arguments: [StorageOperation.open, .read])
    func aSegmentThatCannotBeReadIsLeftOutAndNotWrittenOver(
        _ operation: StorageOperation
    ) async throws {
        var (journal, _) = try await open()
        for number in 1...3 { try await journal.append([.stored(record(number))]) }
        let key = StorageKey.made(try #require(try await driver.paths().last))
        driver.fail(StorageFault(.failed, on: [operation], below: key))
        var (next, changes) = try await open()
        #expect(changes == [.stored(record(1)), .stored(record(2))])
        #expect(log.messages(.warning).count == 1)
        try await next.append([.stored(record(4))])
        driver.heal()
        #expect(try await open().changes == (1...4).map { .stored(record($0)) })
    }

    @Test func aJournalWhoseSegmentsCannotBeListedIsNotOpened() async throws {
        driver.fail(StorageFault(.failed, on: [.list]))
        await #expect(throws: StorageError.self) { try await open() }
    }

    @Test func namesThatAreNoNumbersDoNoHarm() async throws {
        for name in ["README", "-5", "999999999999", "99999999999999999999"] {
            try await driver.put(
                Array("\(UseChange.stored(record(1)).line)\n".utf8),
                at: .made("mirrord/uses/\(name)"))
        }
        var (journal, changes) = try await open()
        #expect(changes.count == 4)
        try await journal.append([.stored(record(2))])
        #expect(try await segments().contains(1))
        try await journal.replace(with: [record(2)]) { _ in true }
        #expect(try await segments() == [2])
    }

    @Test func twoWhoWriteReadEachOther() async throws {
        var (one, _) = try await open()
        var (two, _) = try await open()
        try await one.append([.stored(record(1))])
        try await two.append([.stored(record(2))])
        #expect(try await news(&one) == [.stored(record(2))])
        #expect(try await news(&two) == [.stored(record(1))])
        #expect(try await news(&one) == [])
        #expect(try await news(&two) == [])
        try await two.append([.used(record(1).item, at: .seconds(9))])
        #expect(try await news(&one) == [.used(record(1).item, at: .seconds(9))])
        #expect(try await open().changes.count == 3)
    }

    @Test func whoWritesAllAnewLeavesWhatHeHasNotRead() async throws {
        var (one, _) = try await open()
        var (two, _) = try await open()
        try await one.append([.stored(record(1))])
        _ = try await news(&two)
        try await one.append([.stored(record(3))])
        try await two.replace(with: [record(1), record(2)]) { _ in true }
        #expect(
            try await Set(open().changes) == Set((1...3).map { .stored(record($0)) }))
        #expect(try await news(&one) == [.stored(record(1)), .stored(record(2))])
    }
}

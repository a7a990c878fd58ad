import Testing

@testable import MirrorCore

@Suite struct TagTableTests {
    private let table = TagTable(countLimit: 4)
    private let name = TagName(repository: .app, tag: .latest)
    private let now = WallTime.seconds(1_000)

    private func digest(_ number: Int) -> Digest { Digest(of: Array("\(number)".utf8)) }

    private func record(_ number: Int, checkedAt: WallTime?) -> TagRecord {
        TagRecord(repository: .app, tag: .latest, digest: digest(number), checkedAt: checkedAt)
    }

    @Test func aCheckAloneIsNoRecord() {
        table.didCheck(name, digest(1), at: now)
        #expect(table.record(name) == nil)
        table.didWrite(name, digest(1))
        #expect(table.record(name) == record(1, checkedAt: now))
    }

    @Test func aTagFoundInTheStoreCountsAsCheckedWhenUpstreamSaidTheSame() {
        table.restore(name, TagCheck(digest: digest(1), at: now))
        table.didFind(name, digest(1))
        #expect(table.record(name) == record(1, checkedAt: now))
    }

    @Test func aTagFoundInTheStoreIsUncheckedWhenUpstreamSaidOtherwise() {
        table.restore(name, TagCheck(digest: digest(2), at: now))
        table.didFind(name, digest(1))
        #expect(table.record(name) == record(1, checkedAt: nil))
    }

    @Test func whatIsHeldKeepsItsAgeWhileItsSuccessorCannotBeHad() {
        table.didCheck(name, digest(1), at: now)
        table.didWrite(name, digest(1))
        table.didCheck(name, digest(2), at: now + .seconds(5))
        #expect(table.record(name) == record(1, checkedAt: now))
        table.didWrite(name, digest(2))
        #expect(table.record(name) == record(2, checkedAt: now + .seconds(5)))
    }

    @Test func whoeverLooksInTheStoreDoesNotUndoWhatWasWrittenMeanwhile() {
        table.didWrite(name, digest(2))
        table.didFind(name, digest(1))
        #expect(table.record(name)?.digest == digest(2))
    }

    @Test func whatThisProcessHeardCountsMoreThanWhatWasWrittenDown() {
        table.didCheck(name, digest(1), at: now)
        table.restore(name, TagCheck(digest: digest(1), at: now - .seconds(50)))
        #expect(table.checks == [name: TagCheck(digest: digest(1), at: now)])
    }

    @Test func whatATagNamesIsForgottenOnlyIfThatIsWhatWasRemoved() {
        table.didWrite(name, digest(1))
        table.unlink(name, from: digest(2))
        #expect(table.record(name)?.digest == digest(1))
        table.unlink(name, from: digest(1))
        #expect(table.record(name) == nil)
    }

    @Test func changesAreTakenOnceUnlessTheyArePutBack() {
        table.restore(name, TagCheck(digest: digest(1), at: now))
        #expect(table.takeChanges().isEmpty)
        table.didCheck(name, digest(1), at: now)
        let changes = table.takeChanges()
        #expect(changes == [name: TagCheck(digest: digest(1), at: now)])
        #expect(table.takeChanges().isEmpty)
        table.putBack(changes)
        #expect(table.takeChanges() == changes)
    }

    @Test func remembersNoMoreTagsThanItsLimit() {
        for number in 0..<20 {
            let repository = RepositoryName.made("team/app\(number % 3)")
            let name = TagName(repository: repository, tag: .made("v\(number)"))
            table.didCheck(name, digest(number), at: now)
            #expect(table.checks[name] != nil)
        }
        #expect(table.checks.count == 4)
        #expect(table.takeChanges().count == 4)
    }
}

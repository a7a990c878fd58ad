import Testing

@testable import MirrorCore

@Suite struct TagTableTests {
    private let table = TagTable()
    private let name = TagName(repository: .app, tag: .latest)
    private let now = WallTime.seconds(1_000)

    private func digest(_ number: Int) -> Digest { Digest(of: Array("\(number)".utf8)) }

    @Test func aCheckCountsForTheDigestItFound() {
        table.didCheck(name, digest(1), at: now)
        #expect(table.checkedAt(name, naming: digest(1)) == now)
        #expect(table.checkedAt(name, naming: digest(2)) == nil)
        table.didCheck(name, digest(2), at: now + .seconds(1))
        #expect(table.checkedAt(name, naming: digest(1)) == nil)
    }

    @Test func expectedTagsAreTakenOnce() {
        table.expect(name, toName: digest(1))
        table.expect(TagName(repository: .app, tag: .stable), toName: digest(1))
        #expect(table.expected(in: .app) == [digest(1)] && table.expected(in: .other).isEmpty)
        #expect(table.takeExpected(digest(1), in: .other).isEmpty)
        #expect(table.takeExpected(digest(1), in: .app) == [.latest, .stable])
        #expect(table.takeExpected(digest(1), in: .app).isEmpty)
        #expect(table.expected(in: .app).isEmpty)
    }

    @Test func aTagIsExpectedToNameTheLatestDigestOnly() {
        table.expect(name, toName: digest(1))
        table.expect(name, toName: digest(2))
        #expect(table.takeExpected(digest(1), in: .app).isEmpty)
        #expect(table.takeExpected(digest(2), in: .app) == [.latest])
    }

    @Test func onlyTheLatestManifestsOfARepositoryAreExpected() {
        for number in 0..<100 {
            let name = TagName(repository: .app, tag: .made("v\(number)"))
            table.expect(name, toName: digest(number))
        }
        #expect(table.expected(in: .app) == (96..<100).map { digest($0) })
    }
}

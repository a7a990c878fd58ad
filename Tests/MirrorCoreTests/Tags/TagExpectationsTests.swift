import Testing

@testable import MirrorCore

@Suite struct TagExpectationsTests {
    private let expectations = TagExpectations()
    private let name = TagName(repository: .app, tag: .latest)

    private func digest(_ number: Int) -> Digest { Digest(of: Array("\(number)".utf8)) }

    @Test func tagsAreTakenOnce() {
        expectations.expect(name, toName: digest(1))
        expectations.expect(TagName(repository: .app, tag: .stable), toName: digest(1))
        #expect(expectations.digests(in: .app) == [digest(1)])
        #expect(expectations.digests(in: .other).isEmpty)
        #expect(expectations.take(digest(1), in: .other).isEmpty)
        #expect(expectations.take(digest(1), in: .app) == [.latest, .stable])
        #expect(expectations.take(digest(1), in: .app).isEmpty)
        #expect(expectations.digests(in: .app).isEmpty)
    }

    @Test func aTagIsExpectedToNameTheLatestDigestOnly() {
        expectations.expect(name, toName: digest(1))
        expectations.expect(name, toName: digest(2))
        #expect(expectations.take(digest(1), in: .app).isEmpty)
        #expect(expectations.take(digest(2), in: .app) == [.latest])
    }

    @Test func onlyTheLatestManifestsOfARepositoryAreRemembered() {
        for number in 0..<10 {
            let tag = Tag.made("v\(number)")
            expectations.expect(TagName(repository: .app, tag: tag), toName: digest(number))
        }
        #expect(expectations.digests(in: .app) == (6..<10).map(digest))
    }
}

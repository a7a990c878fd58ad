import Testing

@testable import MirrorCore

/// Pages of tags from upstreams that list more than they were asked for.
@Suite struct TagPageTests {
    @Test func anUpstreamThatKnowsNoNumberIsCutToIt() {
        let page = TagPage(tags: ["b", "a", "c"])
        let narrowed = page.narrowed(from: .start, limit: 2)
        #expect(narrowed == TagPage(tags: ["a", "b"], next: .behind("b")))
        #expect(page.narrowed(from: .start, limit: 3) == page)
        #expect(page.narrowed(from: .start, limit: nil) == page)
    }

    @Test(arguments: [
        (["a", "b", "c", "d"], "b", ["c", "d"]), (["d", "a", "c", "b"], "b", ["c", "d"]),
        (["a", "c", "d"], "b", ["c", "d"]), (["c", "a"], "b", ["c", "a"]), (["a"], "b", []),
    ])
    func anUpstreamThatKnowsNoBeginningIsCutBehindIt(
        all: [String], last: String, rest: [String]
    ) {
        #expect(TagPage(tags: all).narrowed(from: .behind(last), limit: nil).tags == rest)
    }

    @Test func anUpstreamWithCursorsOfItsOwnSaysHowLongItsPagesAre() {
        let first = TagPage(tags: ["a", "b", "c"], next: .link("x=1"))
        #expect(first.narrowed(from: .start, limit: 2) == first)
        let last = TagPage(tags: ["a", "b", "c"])
        #expect(last.narrowed(from: .link("x=1"), limit: 2) == last)
    }
}

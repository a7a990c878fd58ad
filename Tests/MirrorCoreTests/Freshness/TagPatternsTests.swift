import MirrorCore
import Testing

@Suite struct TagPatternsTests {
    @Test(arguments: [
        ("v1.2.3", true), ("1.22.333", true), ("1.2", false), ("1.2.3-rc1", false),
        ("latest", false), ("xv1.2.3", false),
    ])
    func matchWholeTagsWhereTheyAreAnchored(tag: String, isMatch: Bool) throws {
        let patterns = try TagPatterns([#"^v?\d+\.\d+\.\d+$"#])
        #expect(patterns.match(.made(tag)) == isMatch)
    }

    @Test func areSearchedForWhereTheyAreNot() throws {
        #expect(try TagPatterns(["rc"]).match(.made("1.2-rc1")))
    }

    @Test func anyOfThemIsEnough() throws {
        let patterns = try TagPatterns(["^a$", "^b$"])
        #expect(patterns.match(.made("b")))
        #expect(!patterns.match(.made("c")))
        #expect(!TagPatterns().match(.made("a")))
    }

    @Test func mayBeMatchedByManyAtOnce() async throws {
        let patterns = try TagPatterns([#"^(\w+-)*\d+$"#])
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask { patterns.match(.made("a-b-\(number)")) }
            }
            for await isMatch in group { #expect(isMatch) }
        }
    }

    @Test(arguments: ["([", "*a", "(?<=a)b"])
    func sayWhatIsWrongWithThem(text: String) {
        do {
            _ = try TagPatterns(["^a$", text])
            Issue.record("it was taken")
        } catch {
            #expect(error.text == text && !error.reason.isEmpty)
        }
    }

    @Test func areEqualWhenTheyAreWrittenAlike() throws {
        #expect(try TagPatterns(["a"]) == TagPatterns(["a"]))
        #expect(try TagPatterns(["a"]) != TagPatterns())
    }
}

import FoundationEssentials
import Testing

@Suite struct PageTests {
    /// A tutorial's code compiles because it is cut out of code that does.
    @Test func allSwiftCodeIsCompiled() throws {
        let sources =
            try Documentation.files(below: "Tests/DocumentationTests", ending: ".swift")
        let samples = try Set(
            sources.flatMap { Documentation.samples(in: try Documentation.text($0)) })
        #expect(samples.count >= 4)
        for page in try Documentation.pages() {
            for block in Documentation.code(in: try Documentation.text(page)) {
                #expect(samples.contains(block), "\(page) shows code that is no sample")
            }
        }
    }

    @Test func linksLeadSomewhere() throws {
        for page in try Documentation.pages() {
            let folder = page.split(separator: "/").dropLast().map { "\($0)/" }.joined()
            for part in try Documentation.text(page).split(separator: "](").dropFirst() {
                guard let link = part.split(separator: ")").first, !link.contains("://") else {
                    continue
                }
                let path = link.prefix { $0 != "#" }
                let file = "\(Documentation.root)/\(folder)\(path)"
                #expect(
                    path.isEmpty || FileManager.default.fileExists(atPath: file),
                    "\(page) leads to \(link)")
            }
        }
    }

    @Test func theReadmeFitsOneReading() throws {
        let lines = try Documentation.text("README.md").split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 151)
    }

    @Test func everyLimitIsWrittenDown() throws {
        let page = try Documentation.text("Docs/Limits.md")
        let limits = try Documentation.files(below: "Sources", ending: ".swift")
            .filter { !$0.hasPrefix("Sources/MirrorTesting/") }
            .flatMap { Limit.names(in: try Documentation.text($0)) }
        #expect(limits.contains("ServerLimits.connectionLimit"))
        #expect(limits.contains("ClientTimeouts.connect"))
        for limit in limits { #expect(page.contains("`\(limit)`"), "no word of \(limit)") }
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// The reference registry's `scheduler-state.json`.
@Suite struct ScheduleParserTests {
    private let blob = Digest(of: [1])
    private let manifest = Digest(of: [2], by: .sha512)

    /// All entries, from pieces of a size.
    private func entries(
        of text: String, pieces size: Int = 7
    ) throws(ScheduleParser.Damage) -> [ScheduleParser.Entry] {
        var parser = ScheduleParser()
        var entries: [ScheduleParser.Entry] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try parser.take(Array(rest.prefix(size))) { entries.append($0) }
            rest = rest.dropFirst(size)
        }
        try parser.finish()
        return entries
    }

    /// As both lines of the reference write it.
    private var text: String {
        """
        {"library/app@\(blob)":{"Key":"library/app@\(blob)",\
        "ExpiryData":"2026-12-04T23:30:26.5Z","EntryType":0},\
        "library/app@\(manifest)":{"Key":"library/app@\(manifest)",\
        "ExpiryData":"2026-12-05T01:30:26+02:00","EntryType":1}}
        """
    }

    private var expected: [ScheduleParser.Entry] {
        let expiry = WallTime(rfc3339: "2026-12-04T23:30:26Z") ?? .distantPast
        return [
            ScheduleParser.Entry(
                item: CachedItem(.blob, blob, in: .app), expiry: expiry + .milliseconds(500)),
            ScheduleParser.Entry(item: CachedItem(.manifest, manifest, in: .app), expiry: expiry),
        ]
    }

    @Test(arguments: [1, 2, 3, 64, 10_000])
    func everyEntryIsReadFromPiecesOfAnySize(size: Int) throws {
        #expect(try entries(of: text, pieces: size) == expected)
    }

    @Test func blanksAndEscapesMakeNoDifference() throws {
        let spaced = text.replacing(":{", with: " : {\n\t").replacing("}", with: " }\r\n")
            .replacing("library/app@", with: #"library\/\u0061pp@"#)
        #expect(try entries(of: spaced) == expected)
        #expect(try entries(of: " {} ").isEmpty)
    }

    @Test(arguments: [
        #"{"app":{"ExpiryData":"2026-12-04T23:30:26Z"}}"#, #"{"app@x":{"EntryType":1}}"#,
        #"{"APP@sha256:00":{"ExpiryData":"soon"}}"#, #"{"a":{}}"#,
    ])
    func anEntryWithoutSenseIsLeftOut(_ text: String) throws {
        #expect(try entries(of: text).isEmpty)
    }

    @Test func whatAFileThatBreaksOffDoesNotTellIsDamaged() throws {
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            let part = String(decoding: bytes.prefix(count), as: UTF8.self)
            #expect(throws: ScheduleParser.Damage.self, "\(count) bytes") { try entries(of: part) }
        }
    }

    @Test(arguments: [
        "[]", "null", "{}{}", "{,}", #"{"a":1}"#, #"{"a":{"b":{}}}"#, #"{"a":{"b":[1]}}"#,
        #"{"a" {"b":1}}"#, #"{"a":{"b":1"c":2}}"#, "{\0}", #"{"a":{"b":"\u00zz"}}"#, "\u{FEFF}{}",
    ])
    func anotherFormIsDamaged(_ text: String) {
        #expect(throws: ScheduleParser.Damage.self) { try entries(of: text) }
    }

    @Test func aTextWithoutEndIsDamaged() {
        let text = #"{""# + String(repeating: "a", count: 5000)
        #expect(throws: ScheduleParser.Damage.self) { try entries(of: text) }
    }
}

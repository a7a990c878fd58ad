import Testing

@testable import mirrord

/// What is written is read back as the same.
@Suite struct YAMLTextTests {
    @Test(arguments: [
        ("a", "a"), ("'a'", "a"), ("'true'", "'true'"), ("true", "true"), ("'1'", "'1'"),
        ("1h", "1h"), ("-1", "-1"), ("'-1h'", "-1h"), ("-.inf", "-.inf"), ("+5", "+5"),
        ("':5000'", ":5000"), ("'a:'", "'a:'"), ("'a: b'", "'a: b'"), ("'#a'", "'#a'"),
        ("'it''s'", "'it''s'"), ("'a,b'", "'a,b'"), ("''", "''"), ("~", "~"), ("", "null"),
        (#""a\nb\t\"\\\e""#, #""a\nb\t\"\\\U0000001b""#), ("größe", "'größe'"),
        (#""\uFEFF""#, #""\U0000feff""#), ("!!str 1", "'1'"), ("!!float 1", "!!float '1'"),
        (#"!!int "1""#, "1"), ("--", "'--'"), ("'- a'", "'- a'"), ("<<", "'<<'"),
        ("[a, [b], {c: d}]", "[a, [b], {c: d}]"), ("{a: , 'b c': ''}", "{a: null, 'b c': ''}"),
        ("{[a]: b}", "{[a]: b}"), ("|\n a\n b\n", #""a\nb\n""#),
    ])
    func aValueIsWrittenOnALine(_ yaml: String, _ text: String) throws {
        let node = try #require(
            try YAMLReader.documents(in: Array("- \(yaml)\n".utf8)).first)
        #expect(YAMLText.line(node) == "[\(text)]")
        #expect(try rendered(YAMLText.line(node)) == rendered("- \(yaml)\n"))
    }

    @Test func everyCharacterIsWritten() throws {
        let codes = Array(0...0x36F) + [0x2028, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x10FFFF]
        for code in codes {
            guard let scalar = Unicode.Scalar(UInt32(code)) else { continue }
            for text in [
                String(scalar), "a\(scalar)", "\(scalar)b", "a \(scalar) b", "'\(scalar)'\(scalar)",
            ] {
                let written = YAMLText.text(text)
                let read = try YAMLReader.documents(in: Array("k: \(written)\n".utf8))
                #expect(read.first?.entries?.first?.value.scalar?.text == text)
            }
        }
    }
}

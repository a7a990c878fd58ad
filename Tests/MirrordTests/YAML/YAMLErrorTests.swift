import Testing

@testable import mirrord

@Suite struct YAMLErrorTests {
    /// A text, where its fault is, and a part of the advice.
    @Test(arguments: [
        ("a: b: c", "1:5: ", "a second colon on one line"),
        ("a: b\n c: d", "2:3: ", "a key must stand on one line"),
        ("a: - b", "1:4: ", "a list begins on a line of its own"),
        ("a:\n  b: 1\n   c: 2", "3:5: ", "a key must stand on one line"),
        ("a:\n  b: []\n   c: 2", "3:4: ", "indented by 3 spaces"),
        ("a:\n    b: 1\n  c: 2", "3:3: ", "indented by 2 spaces"),
        ("a: 1\nb\nc: 2", "2:1: ", "a colon and a space must follow this key"),
        ("a: 1\nb:2\n", "2:1: ", "a colon and a space must follow this key"),
        ("a: 1\n- b", "2:1: ", "an entry of a list stands among keys"),
        ("- a\nb: 1", "2:1: ", "the value of this document has ended"),
        ("a:\n\tb: 1", "2:2: ", "a tab stands where YAML counts spaces"),
        ("a:\n  b: 1\n\tc: 2", "3:2: ", "a tab stands where YAML counts spaces"),
        ("a:\n  \tb: 1", "2:4: ", "a tab stands where YAML counts spaces"),
        ("-\t- a", "1:3: ", "a tab stands where YAML counts spaces"),
        ("a: \"b", "1:4: ", "the quotes that open here are never closed"),
        ("a: 'b\n---\nc'", "1:4: ", "the quotes that open here are never closed"),
        ("a: [1, 2", "1:4: ", "the bracket that opens here is never closed"),
        ("a: {b: [1\n...\n", "1:8: ", "the bracket that opens here is never closed"),
        ("a: [1 2, {b: c} d]", "1:17: ", "a comma or ] is missing"),
        ("a: [1}", "1:6: ", "a comma or ] is missing"),
        ("[a, , b]", "1:5: ", "a value is missing before this"),
        ("[a\n: b]", "1:2: ", "a key and its colon stand on one line"),
        ("a: ]", "1:4: ", "no value can begin with ]"),
        ("a: @b", "1:4: ", "no value can begin with @: put it in quotes"),
        ("a: `b`", "1:4: ", "no value can begin with `"),
        ("a: %b", "1:4: ", "no value can begin with %"),
        ("a: 'b' c", "1:8: ", "text follows a value that has ended"),
        ("a: \"b\"#c", "1:7: ", "text follows a value that has ended"),
        ("a: *b", "1:4: ", "no value above has this anchor"),
        ("a: &b [*b]", "1:8: ", "it has no end"),
        ("a: &b &c d", "1:7: ", "one anchor and one tag"),
        ("a: &b\n  &c d", "2:3: ", "one anchor and one tag"),
        ("a: &b 1\nc: &d *b", "2:7: ", "an alias can have neither"),
        ("a: &\n", "1:5: ", "a name must follow & or *"),
        ("a: !foo b", "1:4: ", "there is no such type"),
        ("a: !!set {b}", "1:4: ", "there is no such type"),
        ("a: !e!str b", "1:4: ", "no %TAG directive names this tag"),
        ("a: !!int b", "1:4: ", "not of the type that the tag !!int claims"),
        ("a: !!map [b]", "1:4: ", "not of the type that the tag !!map claims"),
        ("a: 1\nb: 2\na: 3", "3:1: ", "the key \"a\" stands already on line 1"),
        ("{a: 1, 'a': 2}", "1:8: ", "the key \"a\" stands already on line 1"),
        ("<<: 1", "1:5: ", "<< merges mappings only"),
        ("<<: {}\n<<: {}", "2:1: ", "<< stands twice"),
        ("a: \"\\q\"", "1:5: ", "there is no escape like this"),
        ("a: \"\\x4\"", "1:5: ", "this escape needs 2 hexadecimal digits"),
        ("a: \"\\uD800\"", "1:5: ", "this escape is not a Unicode character"),
        ("a: |x\n  b", "1:5: ", "may follow | or > on its line"),
        ("a: |0\n  b", "1:5: ", "may follow | or > on its line"),
        ("a: | b", "1:6: ", "may follow | or > on its line"),
        ("a: |\n    \n  b\n", "3:3: ", "an empty line above has more spaces"),
        ("%YAML 1.2\na: 1", "2:1: ", "--- must follow the directives"),
        ("%YAML 2.0\n---\n", "1:1: ", "write %YAML 1.2 here"),
        ("%TAG !\n---\n", "1:1: ", "this directive is not complete"),
        ("a: 1\n... b", "2:5: ", "nothing but a comment may stand behind ..."),
        ("--- a: b", "1:6: ", "a second colon on one line"),
        ("--- - a", "1:5: ", "a list begins on a line of its own"),
        ("ä: \u{1}", "1:4: ", "the character U+1 may not stand in YAML"),
        ("a: 1\n\u{0}", "2:1: ", "the character U+0 may not stand in YAML"),
        ("&a - b", "1:4: ", "put what stands before this on a line of its own"),
    ])
    func aFaultIsFoundWhereItIsAndExplained(
        _ yaml: String, _ place: String, _ advice: String
    ) {
        let text = fault(yaml)
        #expect(text.hasPrefix(place))
        #expect(text.contains(advice))
    }

    @Test func aTextThatIsNotUTF8IsRefused() {
        for (bytes, message) in [
            ([0x61, 0x3A, 0x20, 0xFF], "a byte here is not UTF-8"),
            ([0x61, 0x3A, 0x20, 0xC3], "a byte here is not UTF-8"),
            ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"),
        ] as [([UInt8], String)] {
            let error = #expect(throws: YAMLError.self) {
                try YAMLReader.documents(in: bytes)
            }
            #expect(error?.message.contains(message) == true)
        }
    }

    @Test func aTextCannotBeLongerThanTheLimit() {
        let limits = YAMLLimits(byteCountLimit: 10)
        #expect(fault("a: 1234567", limits: limits) == "no fault")
        #expect(fault("a: 12345678", limits: limits).contains("more than the limit of 10"))
    }

    @Test(arguments: ["[", "- ", "? ", "{a: ", "[a: "])
    func valuesCannotLieDeeperThanTheLimit(_ opening: String) {
        let limits = YAMLLimits()
        #expect(
            fault(String(repeating: opening, count: limits.depthLimit + 1))
                .contains("more than 64 deep"))
        #expect(
            fault(String(repeating: opening, count: 100_000)).contains("more than 64 deep"))
    }

    @Test func aliasesCannotMultiplyWithoutEnd() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let text = fault(yaml)
        #expect(text.contains("with all aliases replaced, there are more than 100000 values"))
        #expect(text.hasPrefix("6:"))
    }

    @Test func mergeKeysCountLikeAliases() {
        let wide = (0..<60).map { "k\($0): 1" }.joined(separator: ", ")
        var yaml = "a: &a {\(wide)}\n"
        for line in 0..<2000 { yaml += "b\(line): {<<: *a}\n" }
        #expect(fault(yaml).contains("more than 100000 values"))
    }
}

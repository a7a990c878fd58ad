import Testing

@testable import mirrord

@Suite struct YAMLScalarTests {
    @Test(arguments: [
        ("a\nb", #""a b""#), ("a\n\nb", #""a\nb""#), ("a\n\n\n b", #""a\n\nb""#),
        ("k: a\n  b\n c", #"{"k":"a b c"}"#), ("k:\n  a\n  b", #"{"k":"a b"}"#),
        ("k: a\n\tb", "fault"), ("k: a\n \tb", #"{"k":"a b"}"#),
        ("- a\n - b", #"["a - b"]"#), ("a-b:c?d", #""a-b:c?d""#),
        ("k: a  \n  b  \n", #"{"k":"a b"}"#), ("-1a", #""-1a""#), ("a, b]", #""a, b]""#),
        ("k: a # c\n", #"{"k":"a"}"#), ("k: it's \"fine\"", #"{"k":"it's \"fine\""}"#),
        ("k: :5000", #"{"k":":5000"}"#), ("k: ?x", #"{"k":"?x"}"#),
        ("k: a:b", #"{"k":"a:b"}"#), ("k: a\n  - b", #"{"k":"a - b"}"#),
    ])
    func plain(_ yaml: String, _ expected: String) throws {
        if expected == "fault" {
            #expect(throws: YAMLError.self) { try rendered(yaml) }
        } else {
            #expect(try rendered(yaml) == expected)
        }
    }

    @Test(arguments: [
        ("''", #""""#), ("'it''s'", #""it's""#), ("'a\n b\n\n c'", #""a b\nc""#),
        (#"'\n'"#, #""\\n""#), ("' a '", #"" a ""#), ("' a\n b '", #"" a b ""#),
        ("'a \t\n\t b'", #""a b""#), ("k: 'a\n  b'", #"{"k":"a b"}"#), ("''''", #""'""#),
        ("'#: [x'", ##""#: [x""##), ("'a\nb'", #""a b""#),
    ])
    func singleQuoted(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\tb\n""#, "a\tb\n"), (#""\"\\\/\ ""#, "\"\\/ "),
        (#""\0\a\b\v\f\r\e""#, "\0\u{07}\u{08}\u{0B}\u{0C}\r\u{1B}"),
        (#""\N\_\L\P""#, "\u{85}\u{A0}\u{2028}\u{2029}"),
        (#""\x41\u00e9\U0001F600""#, "Aé😀"),
        ("\"a\n b\n\n c\"", "a b\nc"), ("\"a\\\n  b\"", "ab"), ("\"a \\\n  b\"", "a b"),
        ("\"a\\\n  \\ b\"", "a b"), ("\"a \n b\"", "a b"), ("\"a\\\n\n b\"", "a\nb"),
        ("\"a\\\tb\"", "a\tb"), ("\" \n x \n \"", " x "), ("\"'\"", "'"),
    ])
    func doubleQuoted(_ yaml: String, _ expected: String) throws {
        let document = try #require(try YAMLReader.documents(in: Array(yaml.utf8)).first)
        #expect(document.scalar?.text == expected)
        #expect(document.scalar?.value == .string(expected))
    }

    @Test(arguments: [
        ("|\n a\n b\n", "a\nb\n"), ("|-\n a\n b\n\n", "a\nb"), ("|+\n a\n\n\n", "a\n\n\n"),
        ("|\n a\n\n\n", "a\n"), ("|\n  a\n   b\n\n  c\n", "a\n b\n\nc\n"),
        ("|2\n   a\n  b\n", " a\nb\n"), ("|1-\n  a\n", " a"), ("|-1\n  a\n", " a"),
        ("| # comment\n a\n", "a\n"), ("|\n a # no comment\n", "a # no comment\n"),
        ("|\n\n  a\n", "\na\n"), ("|\n a", "a"), ("|+\n a", "a"), ("|\n a\n ", "a\n"), ("|\n ", ""),
        ("|\n", ""), ("|+\n\n\n", "\n\n"),
        ("|-\n", ""), ("|\na\nb\n", "a\nb\n"), ("|\n a\n# comment\n", "a\n"),
        ("|\n a\n  \n b\n", "a\n \nb\n"), ("|\n a\tb\n \tc\n", "a\tb\n\tc\n"),
        (">\n a\n b\n", "a b\n"), (">\n a\n\n b\n", "a\nb\n"), (">-\n a\n b\n\n", "a b"),
        (">+\n a\n\n", "a\n\n"), (">\n a\n   b\n c\n", "a\n  b\nc\n"),
        (">\n a\n b\n\n   c\n   d\n\n e\n", "a b\n\n  c\n  d\n\ne\n"),
        (">\n\n a\n\n\n b\n", "\na\n\nb\n"), (">\n a\n\n  b\n\n c\n", "a\n\n b\n\nc\n"),
        (">2-\n   a\n   b", " a\n b"),
    ])
    func blockScalars(_ yaml: String, _ expected: String) throws {
        let document = try #require(try YAMLReader.documents(in: Array(yaml.utf8)).first)
        #expect(document.scalar?.text == expected)
    }

    @Test(arguments: [
        ("a: |\n  x\n  y\nb: 1", #"{"a":"x\ny\n","b":1}"#),
        ("a: >-\n  x\n  y\n\n\n# c\nb: 1", #"{"a":"x y","b":1}"#),
        ("- |\n a\n- >\n b\n", #"["a\n","b\n"]"#),
        ("a:\n  - |2\n      x\n  - z", #"{"a":["  x\n","z"]}"#),
        ("a: |\nb: 1", #"{"a":"","b":1}"#), ("a: !!str |\n  1\n", #"{"a":"1\n"}"#),
        ("a: &x |\n  1\nb: *x", #"{"a":"1\n","b":"1\n"}"#),
        ("a:\n  |\n  x\n", #"{"a":"x\n"}"#),
        ("a: |\n  x\n ...\n", "fault"), ("a: |\n  x\n...\n", #"{"a":"x\n"}"#),
    ])
    func blockScalarsInPlace(_ yaml: String, _ expected: String) throws {
        if expected == "fault" {
            #expect(throws: YAMLError.self) { try rendered(yaml) }
        } else {
            #expect(try rendered(yaml) == expected)
        }
    }

    @Test(arguments: [
        ("", YAMLScalar.Value.null), ("~", .null), ("null", .null), ("NULL", .null),
        ("nUll", .string("nUll")), ("true", .bool(true)), ("Yes", .bool(true)),
        ("ON", .bool(true)), ("y", .bool(true)), ("N", .bool(false)), ("off", .bool(false)),
        ("False", .bool(false)), ("tRue", .string("tRue")), ("0", .int(0)), ("-12", .int(-12)),
        ("+7", .int(7)), ("0x1F", .int(31)), ("0o17", .int(15)), ("017", .int(15)),
        ("0b101", .int(5)), ("1_000", .int(1000)), ("-0x10", .int(-16)), ("00", .int(0)),
        ("08", .float(8)), ("_1", .string("_1")), ("0x", .string("0x")),
        ("9223372036854775807", .int(.max)),
        ("9223372036854775808", .float(9.223372036854775808e18)),
        ("1.5", .float(1.5)), ("-.5", .float(-0.5)), ("1.", .float(1)), ("1e3", .float(1000)),
        ("1.5E-2", .float(0.015)), (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)),
        (".", .string(".")), ("1e", .string("1e")), ("1.2.3", .string("1.2.3")),
        ("0.1", .float(0.1)), ("12:30:45", .string("12:30:45")), ("168h", .string("168h")),
        ("2026-11-24", .string("2026-11-24")), ("-", .string("-")), ("+", .string("+")),
        ("inf", .string("inf")), ("nan", .string("nan")), ("０", .string("０")),
    ])
    func aPlainTextMeansWhatItLooksLike(_ text: String, _ value: YAMLScalar.Value) {
        #expect(YAMLScalar(text: text, isPlain: true).value == value)
        #expect(YAMLScalar(text: text, isPlain: false).value == .string(text))
    }

    @Test func notANumberIsANumber() {
        guard case .float(let number) = YAMLScalar(text: ".NaN", isPlain: true).value else {
            Issue.record(".NaN is not a float")
            return
        }
        #expect(number.isNaN)
    }
}

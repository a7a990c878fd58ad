import Testing

@testable import mirrord

/// Lists, mappings and documents. What the cases ask for follows the specification and the public
/// YAML test suite (https://github.com/yaml/yaml-test-suite).
@Suite struct YAMLStructureTests {
    @Test(arguments: [
        ("a: 1\nb: 2", #"{"a":1,"b":2}"#),
        ("a:\n  b:\n    c: 1\n  d: 2\n", #"{"a":{"b":{"c":1},"d":2}}"#),
        ("- a\n- b\n", #"["a","b"]"#),
        ("a:\n- 1\n- 2\nb: 3", #"{"a":[1,2],"b":3}"#),
        ("a:\n  - 1\n  - 2\nb: 3", #"{"a":[1,2],"b":3}"#),
        ("- a: 1\n  b: 2\n- c: 3", #"[{"a":1,"b":2},{"c":3}]"#),
        ("-\n  a: 1\n-\n  - 2", #"[{"a":1},[2]]"#),
        ("- - 1\n  - 2\n- - - 3", "[[1,2],[[3]]]"),
        ("-   a: 1\n    b: 2", #"[{"a":1,"b":2}]"#),
        ("a:\nb:\n  c:\n", #"{"a":null,"b":{"c":null}}"#),
        ("-\n- \n- 1", "[null,null,1]"),
        ("a: 'b'   # c", #"{"a":"b"}"#),
        ("# a\n\n  # b\na: 1\n# c\n    # d\nb: 2", #"{"a":1,"b":2}"#),
        ("a: b#c", #"{"a":"b#c"}"#),
        ("a: b #c", #"{"a":"b"}"#),
        ("  a: 1\n  b: 2\n", #"{"a":1,"b":2}"#),
        ("a :  1", #"{"a":1}"#),
        ("'a b': 1\n\"c\" : 2", #"{"a b":1,"c":2}"#),
        ("a b c: d e", #"{"a b c":"d e"}"#),
        ("[a, b]: 1", #"{["a","b"]:1}"#),
        ("http://x:80/y: z", #"{"http://x:80/y":"z"}"#),
        ("a:\n  - b:\n    - c\n  - d", #"{"a":[{"b":["c"]},"d"]}"#),
        ("a: -1", #"{"a":-1}"#),
        (": a\n", #"{null:"a"}"#),
        ("a:\tb\n-c: d", #"{"a":"b","-c":"d"}"#),
        ("a:  \t b \t\n", #"{"a":"b"}"#),
        ("größe: 1\nб: [ß]", #"{"größe":1,"б":["ß"]}"#),
    ])
    func blocks(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test(arguments: [
        ("? a\n: b", #"{"a":"b"}"#),
        ("? a\n? b\n: c\nd: e", #"{"a":null,"b":"c","d":"e"}"#),
        ("? - a\n  - b\n: - c\n", #"{["a","b"]:["c"]}"#),
        ("? a: 1\n: b: 2\n  c: 3", #"{{"a":1}:{"b":2,"c":3}}"#),
        ("? |\n  long\n  key\n: v", #"{"long\nkey\n":"v"}"#),
        ("?\n  a\n:\n  b", #"{"a":"b"}"#),
        ("? # comment\n- a\n: # comment\n- b", #"{["a"]:["b"]}"#),
        ("?a: 1", #"{"?a":1}"#),
    ])
    func explicitKeys(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test(arguments: [
        ("[]", "[]"), ("{}", "{}"), ("[a, [b, {c: d}], ]", #"["a",["b",{"c":"d"}]]"#),
        ("{a: 1, b : 2, c, d:, e: }", #"{"a":1,"b":2,"c":null,"d":null,"e":null}"#),
        (#"{"a":1,'b':[2]}"#, #"{"a":1,"b":[2]}"#),
        ("{a:1}", #"{"a:1":null}"#),
        ("[a: 1, b]", #"[{"a":1},"b"]"#),
        ("[? a : 1, ? b, : c]", #"[{"a":1},{"b":null},{null:"c"}]"#),
        ("{? a : 1, ? b, ? }", #"{"a":1,"b":null,null:null}"#),
        ("a: [\n  1, # one\n  2\n]\nb: 3", #"{"a":[1,2],"b":3}"#),
        ("a: {\nb: 1,\nc: 2\n}", #"{"a":{"b":1,"c":2}}"#),
        ("[a\n b,\n\n c\n\n d]", #"["a b","c\nd"]"#),
        ("{a b\n : c}", #"{"a b":"c"}"#),
        ("[http://x/y, a:b, -1, :x]", #"["http://x/y","a:b",-1,":x"]"#),
        ("[\ta,\tb\t]", #"["a","b"]"#),
        ("[[[[]]]]", "[[[[]]]]"),
        ("{[a]: b, {c: d}: e}", #"{["a"]:"b",{"c":"d"}:"e"}"#),
        ("- [a]\n- {b: c} # d\n", #"[["a"],{"b":"c"}]"#),
        (#"X-Header: [nosniff, "a, b"]"#, #"{"X-Header":["nosniff","a, b"]}"#),
        ("[\"a\": 1, 'b':2]", #"[{"a":1},{"b":2}]"#),
    ])
    func brackets(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test(arguments: [
        ("", ""), ("# only\n\n  # comments", ""), ("---", "null"), ("--- a", #""a""#),
        ("--- a\n...\n", #""a""#), ("--- a\n--- b", #""a" --- "b""#),
        ("a: 1\n---\n- 2\n", #"{"a":1} --- [2]"#), ("---\n---\n", "null --- null"),
        ("a\n...\nb\n", #""a" --- "b""#), ("%YAML 1.2\n---\na", #""a""#),
        ("%YAML 1.1 # old\n%FOO bar\n--- a", #""a""#), ("...\n...\na", #""a""#),
        ("---\n# c\na: 1\n...\n# d", #"{"a":1}"#), ("--- |\n a\n--- >\n b\n", #""a\n" --- "b\n""#),
        ("a: ---\nb: '---'", #"{"a":"---","b":"---"}"#), ("---a: 1", #"{"---a":1}"#),
        ("\u{FEFF}a: 1", #"{"a":1}"#), ("a: 1\r\nb:\r\n  - 2\r\n", #"{"a":1,"b":[2]}"#),
        ("a: 1\rb: 2\r", #"{"a":1,"b":2}"#), ("--- # c\n- 1", "[1]"),
    ])
    func documents(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test(arguments: [
        ("a: &x 1\nb: *x", #"{"a":1,"b":1}"#),
        ("a: &x\n  b: 1\nc: *x", #"{"a":{"b":1},"c":{"b":1}}"#),
        ("- &x [1]\n- *x\n- &x 2\n- *x", "[[1],[1],2,2]"),
        ("&a k: 1\nb: *a", #"{"k":1,"b":"k"}"#),
        ("a: &x k\n*x : 2", #"{"a":"k","k":2}"#),
        ("[&x a, *x , b]", #"["a","a","b"]"#),
        ("a: &x\nb: *x", #"{"a":null,"b":null}"#),
        ("&m\na: 1", #"{"a":1}"#), ("- &s\n - 1\n- *s", "[[1],[1]]"),
        ("&m\n&n a: 1", #"{"a":1}"#),
        ("a: !!str 1", #"{"a":"1"}"#), ("a: ! 1", #"{"a":"1"}"#),
        ("a: !!int \"7\"", #"{"a":7}"#), ("a: !!float 1", #"{"a":1.0}"#),
        ("a: !!bool 'yes'", #"{"a":true}"#), ("a: !!null ''", #"{"a":null}"#),
        ("!!map {a: !!seq [1]}", #"{"a":[1]}"#), ("!!seq\n- 1", "[1]"),
        ("a: !!str &x 1\nb: *x", #"{"a":"1","b":"1"}"#),
        ("a: &x !!str 1\nb: *x", #"{"a":"1","b":"1"}"#),
        ("a: !!str\nb: !<tag:yaml.org,2002:int> '2'", #"{"a":"","b":2}"#),
        ("%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1", #""1""#),
        ("!!str a: !!str 2", #"{"a":"2"}"#),
    ])
    func anchorsAndTags(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test(arguments: [
        ("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3", #"{"a":{"p":1,"q":2},"b":{"q":3,"p":1}}"#),
        (
            "- &x {p: 1}\n- &y {p: 2, r: 3}\n- <<: [*x, *y]",
            #"[{"p":1},{"p":2,"r":3},{"p":1,"r":3}]"#
        ),
        ("{<<: {a: 1}, b: 2}", #"{"b":2,"a":1}"#),
        ("'<<': 1", #"{"<<":1}"#),
        ("<<: []\na: 1", #"{"a":1}"#),
        (
            "x: &x\n  a: 1\nw: &w\n  <<: *x\n  b: 2\nz:\n  <<: *w",
            #"{"x":{"a":1},"w":{"b":2,"a":1},"z":{"b":2,"a":1}}"#
        ),
    ])
    func mergeKeys(_ yaml: String, _ expected: String) throws {
        #expect(try rendered(yaml) == expected)
    }

    @Test func everyNodeKnowsWhereItStands() throws {
        let yaml = "# c\nä: [1,\n  é, 2]\nb:\n  - k: &a v\nc: *a\nd:\n"
        let document = try #require(try YAMLReader.documents(in: Array(yaml.utf8)).first)
        var found: [String] = []
        func visit(_ node: YAMLNode) {
            found.append("\(node.position.line):\(node.position.column)")
            switch node.content {
            case .scalar: break
            case .sequence(let items): items.forEach(visit)
            case .mapping(let entries):
                for entry in entries {
                    visit(entry.key)
                    visit(entry.value)
                }
            }
        }
        visit(document)
        #expect(
            found == [
                "2:1", "2:1", "2:4", "2:5", "3:3", "3:6", "4:1", "5:3", "5:5", "5:5", "5:11", "6:1",
                "5:11", "7:1", "7:3",
            ])
    }
}

import MirrorCore
import Testing

/// The grammars of OCI distribution-spec, "Pulling manifests".
@Suite struct NameTests {
    static let validNames = [
        "a", "0", "library/busybox", "a/b/c/d/e/f", "foo.bar/baz_qux/a__b/c-d/e---f", "1.2.3",
        "a.b.c", "docker.io/library/a", "x--y", String(repeating: "a", count: 255),
        String(repeating: "ab/", count: 84) + "abc",
    ]

    static let invalidNames = [
        "", "/", "a/", "/a", "a//b", "A", "library/Busybox", "-a", "a-", ".a", "a.", "_a", "a_",
        "a..b", "a___b", "a._b", "a_.b", "a-_b", "a-.b", "a.-b", "a/-b", "a-/b", "a b", "a:b",
        "a@b", "..", "a/../b", "a/./b", "a\0", "a\n", "\u{e9}", "a%2fb", "a\\b",
        String(repeating: "a", count: 256),
    ]

    static let validTags = [
        "latest", "v1.2.3", "A", "_", "0", "_.-", "a..b", "1.0--beta_2",
        String(repeating: "t", count: 128),
    ]

    static let invalidTags = [
        "", ".", "..", "-", ".a", "-a", "a/b", "a:b", "a b", "a+b", "a@b", "a\0", "a\n", "\u{e9}",
        String(repeating: "t", count: 129),
    ]

    @Test(arguments: validNames)
    func acceptsARepositoryName(_ text: String) throws {
        let name = try #require(RepositoryName(text))
        #expect(name.text == text)
        #expect(name.components.joined(separator: "/") == text)
    }

    @Test(arguments: invalidNames)
    func refusesWhatIsNoRepositoryName(_ text: String) {
        #expect(RepositoryName(text) == nil)
    }

    @Test(arguments: validTags)
    func acceptsATag(_ text: String) throws {
        #expect(try #require(Tag(text)).text == text)
        #expect(Reference(text) == Tag(text).map(Reference.tag))
    }

    @Test(arguments: invalidTags)
    func refusesWhatIsNoTag(_ text: String) {
        #expect(Tag(text) == nil)
        #expect(Reference(text) == nil)
    }

    @Test(arguments: DigestTests.valid)
    func takesATextWithAColonForADigest(_ text: String) throws {
        #expect(Reference(text) == .digest(try #require(Digest(text))))
        #expect(Reference(text)?.text == text)
    }

    @Test func everyNameAndTagFitsInAStorageKey() throws {
        for text in Self.validNames { #expect(StorageKey(text) != nil) }
        for text in Self.validTags { #expect(StorageKey.isValid(text)) }
    }

    @Test(arguments: [
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json;charset=utf-8", "application/json"),
        (" text/plain ; q=0.5", "text/plain"),
        ("", ""),
    ])
    func dropsParametersOfAMediaType(_ field: String, _ type: String) {
        #expect(MediaType(field).text == type)
    }
}

import MirrorCore
import Testing

@Suite struct StorageKeyTests {
    static let valid = [
        "a", "a/b", "a/b/c", "...", ".hidden", "a..b", "A-Z_0.9", "-", "_",
        String(repeating: "n", count: 255) + "/x",
    ]

    static let invalid = [
        "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/..", "../a", "a/../b", "a b", "a~",
        "a:b", "a\\b", "a\0b", "a\n", "%2e", "\u{e9}", String(repeating: "n", count: 256),
    ]

    @Test(arguments: valid)
    func acceptsAPathOfValidComponents(_ path: String) throws {
        let key = try #require(StorageKey(path))
        #expect(key.path == path)
        #expect(path.split(separator: "/").reduce(StorageKey.root) { $0.child($1) } == key)
    }

    @Test(arguments: invalid)
    func refusesEveryOtherPath(_ path: String) {
        #expect(StorageKey(path) == nil)
    }

    @Test func climbsToTheRoot() throws {
        let key = try #require(StorageKey("a/b/c"))
        #expect(key.name == "c")
        #expect(key.parent.path == "a/b")
        #expect(key.parent.parent.parent == .root)
        #expect(StorageKey.root.parent == .root)
        #expect(StorageKey.root.name == "")
    }

    @Test(arguments: [
        ("a", "a", true), ("a", "a/b", true), ("a", "a/b/c", true), ("a", "ab", false),
        ("a", "a-b", false), ("a/b", "a", false), ("a/b", "a/c", false),
    ])
    func knowsWhatLiesBelow(_ upper: String, _ lower: String, _ isAbove: Bool) throws {
        let (upper, lower) = try (#require(StorageKey(upper)), #require(StorageKey(lower)))
        #expect(upper.isAtOrAbove(lower) == isAbove)
        #expect(StorageKey.root.isAtOrAbove(lower))
        #expect(!lower.isAtOrAbove(.root))
    }

    @Test func trapsOnAnInvalidComponent() async {
        await #expect(processExitsWith: .failure) { _ = StorageKey.root.child("..") }
    }
}

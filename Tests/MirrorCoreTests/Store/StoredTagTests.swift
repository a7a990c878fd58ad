import MirrorTesting
import Testing

@testable import MirrorCore

/// Tags in the store: what each names, and pages of their names.
@Suite struct StoredTagTests {
    private let driver = MemoryDriver()
    private let store: ContentStore
    private let first = Digest(of: [1])
    private let second = Digest(of: [2], by: .sha512)
    private let folder = "docker/registry/v2/repositories/library/app/_manifests/tags"

    init() {
        store = ContentStore(driver)
    }

    private func set(_ names: [String]) async throws {
        for name in names { try await store.set(.made(name), to: first, in: .app) }
    }

    @Test func aTagThatMovesNamesTheNewAndLeavesATraceOfTheOld() async throws {
        try await store.set(.latest, to: first, in: .app)
        try await store.set(.latest, to: second, in: .app)
        #expect(try await store.digest(of: .latest, in: .app) == second)
        #expect(try await driver.text(at: "\(folder)/latest/current/link") == second.text)
        #expect(
            try await driver.paths(below: .made("\(folder)/latest/index")) == [
                "\(folder)/latest/index/sha256/\(first.hex)/link",
                "\(folder)/latest/index/sha512/\(second.hex)/link",
            ])
    }

    @Test func aTagOfOneRepositoryIsNoTagOfAnother() async throws {
        try await store.set(.latest, to: first, in: .app)
        #expect(try await store.digest(of: .latest, in: .other) == nil)
        try await store.set(.latest, to: second, in: .other)
        #expect(try await store.digest(of: .latest, in: .app) == first)
    }

    @Test(arguments: ["", "nonsense", "sha256:12", "latest"])
    func aLinkThatMakesNoSenseNamesNothing(text: String) async throws {
        try await driver.put(Array(text.utf8), at: .made("\(folder)/latest/current/link"))
        #expect(try await store.digest(of: .latest, in: .app) == nil)
        try await store.set(.latest, to: first, in: .app)
        #expect(try await store.digest(of: .latest, in: .app) == first)
    }

    @Test func aMoveThatFailsLeavesTheTagAsItWas() async throws {
        try await store.set(.latest, to: first, in: .app)
        for skipping in 0..<2 {
            let faulty = FaultyDriver(driver)
            faulty.fail(StorageFault(.outOfSpace, on: [.put], skipping: skipping))
            await #expect(throws: StorageError.self) {
                try await ContentStore(faulty).set(.latest, to: second, in: .app)
            }
            #expect(try await store.digest(of: .latest, in: .app) == first)
        }
    }

    @Test func aRemovedTagIsGoneWithItsTraces() async throws {
        try await set(["latest", "stable"])
        try await store.set(.latest, to: second, in: .app)
        try await store.remove(.latest, in: .app)
        #expect(try await store.digest(of: .latest, in: .app) == nil)
        #expect(try await store.digest(of: .stable, in: .app) == first)
        #expect(try await driver.paths(below: .made("\(folder)/latest")) == [])
        try await store.remove(.latest, in: .app)
    }

    // MARK: Pages

    @Test(arguments: [1, 2, 3, 5, 6, 100])
    func pagesJoinToAllTagsInTheOrderOfTheirBytes(limit: Int) async throws {
        let names = ["1.0", "1.10", "1.9", "A", "_", "a", "a-b", "a.b", "ab"]
        try await set(names.reversed())
        var found: [String] = []
        while true {
            let page = try await store.tags(in: .app, after: found.last, limit: limit)
            #expect(page.count == min(limit, names.count - found.count))
            if page.isEmpty { break }
            found += page.map(\.text)
        }
        #expect(found == names)
    }

    @Test func aPageBeginsBehindANameThatNeedNotBeThere() async throws {
        try await set(["a", "c", "d"])
        #expect(try await store.tags(in: .app, after: "b", limit: 9).map(\.text) == ["c", "d"])
        #expect(try await store.tags(in: .app, after: "d", limit: 9) == [])
        #expect(try await store.tags(in: .other, after: nil, limit: 9) == [])
    }

    @Test func namesThatAreNoTagsTakeNoPlaceOnAPage() async throws {
        try await set(["a", "b", "c"])
        for name in ["-x", ".hidden", "..nfs0001"] {
            try await driver.put([1], at: .made("\(folder)/\(name)/file"))
        }
        #expect(try await store.tags(in: .app, after: nil, limit: 2).map(\.text) == ["a", "b"])
        #expect(try await store.tags(in: .app, after: "b", limit: 2).map(\.text) == ["c"])
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// Repositories that have something, page by page, by component.
@Suite struct RepositoryListTests {
    private static let names = [
        "0", "a", "a/b", "a/b/c", "a/z", "a-b", "a-b/c", "a.b", "ab", "b/c/d", "z__z/y",
    ]

    private let driver = FaultyDriver(MemoryDriver())
    private let store: ContentStore

    init() {
        store = ContentStore(driver)
    }

    private func addManifest(to name: String) async throws {
        let manifest = Manifest(
            bytes: Array("{}".utf8), digest: Digest(of: Array("{}".utf8)), statedType: nil)
        try await store.put(try #require(manifest), in: .made(name))
    }

    private func page(
        after last: String?, limit: Int, holding: ContentStore.Holding = .manifests
    ) async throws -> [String] {
        let last = last.map { RepositoryName.made($0) }
        return try await store.repositories(after: last, limit: limit, holding: holding)
            .map(\.text)
    }

    @Test(arguments: 1...12)
    func pagesOfAnySizeJoinToAllInTheOrderOfComponents(limit: Int) async throws {
        for name in Self.names.reversed() { try await addManifest(to: name) }
        var found: [String] = []
        while true {
            let page = try await page(after: found.last, limit: limit)
            #expect(page.count == min(limit, Self.names.count - found.count))
            if page.isEmpty { break }
            found += page
        }
        #expect(found == Self.names)
    }

    @Test(arguments: [
        ("a/a", "a/b"), ("a/b/b", "a/b/c"), ("a/b/c/d", "a/z"), ("a/zz", "a-b"), ("aa", "ab"),
        ("b", "b/c/d"), ("b/c", "b/c/d"), ("b/c/d/e", "z__z/y"), ("00", "a"),
    ])
    func aPageBeginsBehindANameThatNeedNotBeThere(last: String, next: String) async throws {
        for name in Self.names { try await addManifest(to: name) }
        #expect(try await page(after: last, limit: 1) == [next])
    }

    @Test func behindTheLastThereIsNothing() async throws {
        #expect(try await page(after: nil, limit: 10) == [])
        for name in Self.names { try await addManifest(to: name) }
        #expect(try await page(after: "z__z/y", limit: 10) == [])
        #expect(try await page(after: "zz", limit: 10) == [])
    }

    @Test func blobsAloneMakeNoRepositoryToPullFromButSomethingHeld() async throws {
        try await addManifest(to: "b")
        try await store.link(blob: Digest(of: [1]), in: .made("a/x"))
        #expect(try await page(after: nil, limit: 10) == ["b"])
        #expect(try await page(after: nil, limit: 10, holding: .anything) == ["a/x", "b"])
    }

    @Test func foldersThatAreNoRepositoriesAreLeftOut() async throws {
        try await addManifest(to: "app")
        let root = "docker/registry/v2/repositories"
        for path in ["UPPER/_manifests/x", "app/_uploads/1/data", "a..b/_manifests/x", "file"] {
            try await driver.put([1], at: .made("\(root)/\(path)"))
        }
        #expect(try await page(after: nil, limit: 10, holding: .anything) == ["app"])
    }

    /// Calls of the driver that one page takes when there are `count` repositories.
    private func callCount(_ count: Int, after last: String) async throws -> Int {
        let test = RepositoryListTests()
        for number in 1000..<1000 + count { try await test.addManifest(to: "team/r\(number)") }
        test.driver.resetCounts()
        let page = try await test.page(after: last, limit: 10)
        #expect(page.count == 10)
        return test.driver.callCount
    }

    @Test(arguments: ["a", "team/r1000", "team/r1025"])
    func aPageCostsTheSameHoweverManyRepositoriesThereAre(after last: String) async throws {
        let few = try await callCount(40, after: last)
        let many = try await callCount(600, after: last)
        #expect(few == many)
        #expect(few <= 50)
    }
}

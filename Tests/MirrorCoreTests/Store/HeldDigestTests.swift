import MirrorTesting
import Testing

@testable import MirrorCore

/// All digests that are held, page by page.
@Suite struct HeldDigestTests {
    private let driver = MemoryDriver()
    private var store: ContentStore { ContentStore(driver) }

    private func all(limit: Int) async throws -> [Digest] {
        var digests: [Digest] = []
        while true {
            let page = try await store.heldDigests(after: digests.last, limit: limit)
            #expect(page.count <= limit)
            digests += page
            if page.isEmpty { return digests }
        }
    }

    @Test(arguments: [1, 7, 256, 10_000])
    func areGivenOnceAndInTheirOrder(_ limit: Int) async throws {
        var random = SeededRandom(seed: 3)
        var held: Set<Digest> = []
        for number in 0..<600 {
            let digest = Digest(of: random.bytes(8), by: number % 3 == 0 ? .sha512 : .sha256)
            held.insert(digest)
            try await driver.put([1], at: .data(digest))
        }
        #expect(try await all(limit: limit) == held.sorted())
    }

    @Test(arguments: [1, 2, 10])
    func areNotTakenForWhatOtherProgramsLeaveThere(_ limit: Int) async throws {
        let digest = Digest(of: [1])
        try await driver.put([1], at: .data(digest))
        let folder = "docker/registry/v2/blobs/sha256"
        let other = String(digest.hex.prefix(2).reversed()) + "x"
        for path in [
            "\(folder)/file", "\(folder)/00/nonsense/data", "\(folder)/00/file",
            "\(folder)/zz/\(digest.hex)/data", "\(folder)/\(other)/\(digest.hex)/data",
            "docker/registry/v2/blobs/md5/00/\(digest.hex)/data",
        ] {
            try await driver.put([1], at: .made(path))
        }
        #expect(try await all(limit: limit) == [digest])
    }

    @Test func areNoneInAnEmptyStore() async throws {
        #expect(try await all(limit: 10) == [])
    }
}

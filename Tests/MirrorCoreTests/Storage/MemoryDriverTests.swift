import MirrorCore
import Testing

@Suite struct MemoryDriverTests {
    private let driver = MemoryDriver(byteLimit: 10)
    private let one = StorageKey.root.child("one")
    private let two = StorageKey.root.child("folder").child("two")

    private func expectFull(_ work: () async throws -> Void) async {
        let error = await #expect(throws: StorageError.self) { try await work() }
        #expect(error?.code == .outOfSpace)
    }

    @Test func refusesWhatExceedsTheLimitAndKeepsTheRest() async throws {
        try await driver.put([1, 2, 3, 4, 5, 6], at: one)
        await expectFull { try await driver.put([1, 2, 3, 4, 5], at: two) }
        #expect(try await driver.stat(two) == nil)
        #expect(try await driver.list(.root, after: nil, limit: 10).map(\.name) == ["one"])
        try await driver.put([1, 2, 3, 4], at: two)
    }

    @Test func countsOnlyTheGrowthOfAReplacedObject() async throws {
        try await driver.put([UInt8](repeating: 1, count: 9), at: one)
        try await driver.put([UInt8](repeating: 2, count: 10), at: one)
        await expectFull { try await driver.put([UInt8](repeating: 3, count: 11), at: one) }
        #expect(try await driver.stat(one)?.size == 10)
    }

    @Test func givesRoomBackForWhatIsDeletedOrReplacedByAMove() async throws {
        try await driver.put([1, 2, 3, 4, 5], at: one)
        try await driver.put([1, 2, 3, 4, 5], at: two)
        try await driver.move(one, to: two)
        try await driver.put([1, 2, 3, 4, 5], at: one)
        try await driver.delete(.root)
        try await driver.put([UInt8](repeating: 1, count: 10), at: two)
    }

    @Test func countsUploadsAsTheyGrow() async throws {
        let upload = try await driver.upload(at: one)
        try await upload.append([1, 2, 3, 4, 5, 6])
        await expectFull { try await upload.append([1, 2, 3, 4, 5]) }
        #expect(upload.size == 6)
        await expectFull { try await driver.put([1, 2, 3, 4, 5], at: two) }
        try await upload.commit(to: one)
        await expectFull { try await driver.put([1, 2, 3, 4, 5], at: two) }
        try await driver.put([1, 2, 3, 4], at: two)
    }

    @Test func givesRoomBackForAnAbandonedUpload() async throws {
        let upload = try await driver.upload(at: one)
        try await upload.append([UInt8](repeating: 1, count: 10))
        await upload.abandon()
        try await driver.put([UInt8](repeating: 1, count: 10), at: two)
    }
}

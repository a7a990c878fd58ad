import MirrorCore
import MirrorTesting
import Testing

@Suite struct FaultyDriverTests {
    private let driver = FaultyDriver(MemoryDriver())
    private let one = StorageKey.root.child("one")
    private let below = StorageKey.root.child("folder").child("below")

    private func code(_ work: () async throws -> Void) async -> StorageError.Code? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? StorageError)?.code
        }
    }

    @Test func hitsTheCallsThatAreSkippedTo() async throws {
        driver.fail(StorageFault(.failed, on: [.write], skipping: 2, count: 1))
        let upload = try await driver.upload(at: one)
        var codes: [StorageError.Code?] = []
        for _ in 0..<4 { codes.append(await code { try await upload.append([1]) }) }
        #expect(codes == [nil, nil, .failed, nil])
        #expect(upload.size == 3)
    }

    @Test func hitsOnlyBelowTheKey() async throws {
        driver.fail(
            StorageFault(.notPermitted, on: [.put], below: StorageKey.root.child("folder")))
        #expect(await code { try await driver.put([1], at: below) } == .notPermitted)
        #expect(await code { try await driver.put([1], at: one) } == nil)
        #expect(try await driver.stat(below) == nil)
    }

    @Test func isFullAfterSomeBytes() async throws {
        driver.fail(.fullAfter(bytes: 5))
        #expect(await code { try await driver.put([1, 2, 3], at: one) } == nil)
        #expect(await code { try await driver.put([1, 2, 3], at: below) } == .outOfSpace)
        #expect(await code { try await driver.put([1, 2], at: below) } == nil)
    }

    @Test func worksAgainWhenHealed() async throws {
        driver.fail(.readOnly)
        #expect(await code { try await driver.put([1], at: one) } == .notPermitted)
        driver.heal()
        #expect(await code { try await driver.put([1], at: one) } == nil)
    }

    @Test func countsEveryCallByKind() async throws {
        try await driver.put([1, 2], at: one)
        let object = try await driver.open(one)
        _ = try await object?.read(at: 0, limit: 1)
        _ = try await object?.read(at: 1, limit: 1)
        #expect(driver.counts == [.put: 1, .open: 1, .read: 2])
        driver.resetCounts()
        #expect(driver.callCount == 0)
    }
}

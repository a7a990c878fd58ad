import MirrorCore
import MirrorTesting
import Testing

@Suite struct MeteredDriverTests {
    private let name = "registry_storage_action_seconds"

    @Test func whatTheStorageDoesIsMeasuredUnderTheReferencesNames() async throws {
        let driver = MeteredDriver(MemoryDriver(), name: "inmemory")
        let key = StorageKey.made("a/b")
        try await driver.put([1], at: key)
        _ = try await driver.open(key)
        _ = try await driver.stat(key)
        _ = try await driver.list(.root, after: nil, limit: 1)
        try await driver.move(key, to: .made("a/c"))
        try await driver.delete(.made("a/c"))
        await (try driver.upload(at: key)).abandon()
        for action in ["PutContent", "Reader", "Stat", "List", "Move", "Delete", "Writer"] {
            #expect(driver.count(name, "inmemory", action) == 1, "\(action)")
        }
    }

    @Test func whatFailsIsMeasuredToo() async {
        let faulty = FaultyDriver(MemoryDriver())
        faulty.fail(StorageFault(.failed, on: [.stat]))
        let driver = MeteredDriver(faulty, name: "filesystem")
        await #expect(throws: StorageError.self) { try await driver.stat(.made("a")) }
        #expect(driver.count(name, "filesystem", "Stat") == 1)
    }
}

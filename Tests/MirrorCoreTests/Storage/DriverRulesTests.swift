import MirrorCore
import MirrorTesting
import Testing

/// Every driver of this package, and a new empty place for it.
struct DriverUnderTest: Sendable, CustomStringConvertible {
    let description: String
    let isLasting: Bool
    let makePlace: @Sendable () throws -> StoragePlace

    static let memory = DriverUnderTest(description: "memory", isLasting: false) {
        StoragePlace(isLasting: false) { MemoryDriver() }
    }

    static let files = DriverUnderTest(description: "files", isLasting: true) {
        let folder = try TemporaryFolder()
        return StoragePlace(isLasting: true) { try FileSystemDriver(root: folder.path) }
    }

    static let faulty = DriverUnderTest(description: "faulty without faults", isLasting: false) {
        StoragePlace(isLasting: false) { FaultyDriver(MemoryDriver()) }
    }

    static let metered = DriverUnderTest(description: "metered", isLasting: false) {
        StoragePlace(isLasting: false) { MeteredDriver(MemoryDriver(), name: "inmemory") }
    }
}

@Suite struct DriverRulesTests {
    @Test(arguments: StorageRule.all)
    func filesKeep(_ rule: StorageRule) async throws {
        try await rule.verify(in: DriverUnderTest.files.makePlace())
    }

    @Test(
        arguments: [DriverUnderTest.memory, .faulty, .metered],
        StorageRule.all.filter { !$0.needsLastingPlace })
    func keeps(_ driver: DriverUnderTest, _ rule: StorageRule) async throws {
        try await rule.verify(in: driver.makePlace())
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// What is kept of damaged content.
@Suite struct QuarantineTests {
    private let driver = MemoryDriver()
    private let start = WallTime.seconds(1_700_000_000)

    private func take(_ digest: Digest, at time: WallTime, size: Int = 1) async throws {
        try await driver.put([UInt8](repeating: 7, count: size), at: .data(digest))
        try await Quarantine(driver).take(digest, at: time)
    }

    private func names() async throws -> [String] {
        try await driver.list(.made("mirrord/damaged"), after: nil, limit: .max).map(\.name)
    }

    private func digest(_ number: Int) -> Digest { Digest(of: Array("\(number)".utf8)) }

    @Test func isWhatLayInTheDigestsPlace() async throws {
        try await take(digest(1), at: start, size: 9)
        #expect(try await driver.stat(.data(digest(1))) == nil)
        let key = "mirrord/damaged/001700000000-sha256-\(digest(1).hex)"
        #expect(try await driver.bytes(at: .made(key))?.count == 9)
    }

    @Test func isTheLatestOfEachDigest() async throws {
        for second in 0..<3 { try await take(digest(1), at: start + .seconds(second)) }
        #expect(try await names() == ["001700000002-sha256-\(digest(1).hex)"])
    }

    @Test func isTheLatestSixteen() async throws {
        for number in 0..<20 {
            try await take(digest(number), at: start + .seconds(number))
        }
        let names = try await names()
        #expect(names.count == 16)
        #expect(names.first?.hasSuffix(digest(4).hex) == true)
        #expect(names.last?.hasSuffix(digest(19).hex) == true)
    }

    @Test func isNotMoreThanAGibibyte() async throws {
        let driver = LargeObjects(byteCount: 400 << 20)
        for number in 0..<4 {
            try await driver.base.put([1], at: .data(digest(number)))
            try await Quarantine(driver).take(digest(number), at: start + .seconds(number))
        }
        let names = try await driver.list(.made("mirrord/damaged"), after: nil, limit: .max)
        #expect(names.map { String($0.name.suffix(64)) } == [digest(2).hex, digest(3).hex])
    }

    @Test func isNotOlderThanThirtyDays() async throws {
        try await take(digest(1), at: start)
        try await take(digest(2), at: start + .seconds(10))
        let quarantine = Quarantine(driver)
        try await quarantine.trim(at: start + .seconds(30 * 24 * 3600))
        #expect(try await names().count == 2)
        try await quarantine.trim(at: start + .seconds(30 * 24 * 3600 + 5))
        #expect(try await names().map { String($0.suffix(64)) } == [digest(2).hex])
    }
}

/// Says that each object has many bytes.
private struct LargeObjects: StorageDriver {
    let base = MemoryDriver()
    let byteCount: Int64

    func open(_ key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try await base.open(key)
    }
    func stat(_ key: StorageKey) async throws(StorageError) -> ObjectInfo? {
        try await base.stat(key).map { _ in ObjectInfo(size: byteCount) }
    }
    func put(_ bytes: [UInt8], at key: StorageKey) async throws(StorageError) {
        try await base.put(bytes, at: key)
    }
    func upload(at key: StorageKey) async throws(StorageError) -> any StorageUpload {
        try await base.upload(at: key)
    }
    func unfinished(at key: StorageKey) async throws(StorageError) -> (any StoredObject)? {
        try await base.unfinished(at: key)
    }
    func list(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await base.list(key, after: after, limit: limit)
    }
    func listUnfinished(
        _ key: StorageKey, after: String?, limit: Int
    ) async throws(StorageError) -> [ListEntry] {
        try await base.listUnfinished(key, after: after, limit: limit)
    }
    func move(
        _ source: StorageKey, to destination: StorageKey
    ) async throws(StorageError) -> Bool {
        try await base.move(source, to: destination)
    }
    func delete(_ key: StorageKey) async throws(StorageError) -> Bool {
        try await base.delete(key)
    }
}

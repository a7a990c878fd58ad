import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct SegmentedLogTests {
    private let driver = MemoryDriver()
    private let folder = StorageKey.made("log")

    @Test func manyLinesAreWrittenInSeveralSegmentsAndComeBackInOrder() async throws {
        var log = SegmentedLog(driver, at: folder, segmentByteCount: 100)
        let lines = (0..<100).map { "line \($0)" }
        try await log.replace(with: lines)
        #expect(!log.isLong)
        var read: [String] = []
        var segments: Set<String> = []
        var other = SegmentedLog(driver, at: folder)
        try await other.readNews { segment, more in
            segments.insert(segment)
            read += more.map(String.init)
        } warn: { segment, _ in
            Issue.record("\(segment) cannot be read")
        }
        #expect(read == lines && segments.count > 5)
    }

    @Test func aSegmentOfUnbelievableSizeIsLeftOut() async throws {
        try await driver.put(
            [UInt8](repeating: 10, count: 64 << 20 + 1), at: folder.child("000000000001"))
        var log = SegmentedLog(driver, at: folder)
        var left: [String] = []
        try await log.readNews { _, _ in
            Issue.record("it was read")
        } warn: { segment, error in
            if error == nil { left.append(segment) }
        }
        #expect(left == ["000000000001"])
    }
}

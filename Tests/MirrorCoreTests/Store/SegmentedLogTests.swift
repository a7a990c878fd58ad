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

    @Test func whatIsCancelledLeavesTheRestOfTheNewsForLater() async throws {
        var writer = SegmentedLog(driver, at: folder)
        for number in 1...3 { try await writer.append(["line \(number)"]) }
        let log = SegmentedLog(driver, at: folder)
        let read = try await withThrowingTaskGroup(of: [[String]].self) { group in
            group.addTask {
                var log = log
                var first: [String] = []
                var rest: [String] = []
                try await log.readNews { _, lines in
                    first += lines.map(String.init)
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                } warn: { _, _ in
                }
                let partial = log
                rest = try await Task.detached {
                    var log = partial
                    var rest: [String] = []
                    try await log.readNews { _, lines in
                        rest += lines.map(String.init)
                    } warn: { _, _ in
                    }
                    return rest
                }.value
                return [first, rest]
            }
            return try await group.next() ?? []
        }
        #expect(read == [["line 1"], ["line 2", "line 3"]])
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

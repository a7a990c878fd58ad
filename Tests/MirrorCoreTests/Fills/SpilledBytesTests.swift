import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct SpilledBytesTests {
    private let blob = SampleBlob(seed: 31, size: 10_000)

    @Test func whatComesInAnyOrderIsReadInIts() {
        var spilled = SpilledBytes()
        var random = SeededRandom(seed: 3)
        let starts = stride(from: Int64(0), to: 10_000, by: 500).shuffled(using: &random)
        var arrived = ByteRanges()
        for start in starts {
            spilled.insert(blob.bytes(in: start..<start + 500), at: start)
            arrived.insert(start..<start + 500)
            for offset in stride(from: Int64(0), to: 10_000, by: 250) {
                let end = arrived.end(from: offset)
                let bytes = spilled.read(at: offset, limit: 100)
                #expect(bytes == (end > offset ? blob.bytes(in: offset..<offset + 100) : nil))
                let range = offset..<offset + 300
                let isTouched = arrived.gaps(in: range) != [range]
                #expect(spilled.overlaps(range) == isTouched)
            }
        }
        #expect(spilled.end == 10_000)
        #expect(spilled.parts.flatMap(\.bytes) == blob.bytes)
    }

    @Test func nothingIsBehindTheLast() {
        var spilled = SpilledBytes()
        #expect(spilled.isEmpty && spilled.end == 0)
        spilled.insert([1, 2], at: 10)
        #expect(spilled.next(behind: 0) == 10)
        #expect(spilled.next(behind: 10) == nil)
        #expect(spilled.read(at: 9, limit: 1) == nil && spilled.read(at: 12, limit: 1) == nil)
        #expect(spilled.read(at: 11, limit: 9) == [2])
        #expect(!spilled.overlaps(12..<20) && spilled.overlaps(0..<11))
    }
}

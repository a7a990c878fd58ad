import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct ByteRangesTests {
    @Test(
        arguments: [
            ([], "", []), ([5..<5], "", []), ([5..<7], "5-7", [0..<5, 7..<20]),
            ([0..<5, 5..<9], "0-9", [9..<20]), ([5..<9, 0..<5], "0-9", [9..<20]),
            ([0..<5, 6..<9], "0-5 6-9", [5..<6, 9..<20]),
            ([6..<9, 0..<5], "0-5 6-9", [5..<6, 9..<20]),
            ([0..<2, 4..<6, 8..<10, 1..<9], "0-10", [10..<20]),
            ([0..<2, 4..<6, 2..<4], "0-6", [6..<20]), ([0..<30], "0-30", []),
        ] as [([Range<Int64>], String, [Range<Int64>])])
    func rangesAreJoined(_ inserted: [Range<Int64>], _ text: String, _ gaps: [Range<Int64>]) {
        var ranges = ByteRanges()
        for range in inserted { ranges.insert(range) }
        #expect(ranges.text == text)
        #expect(inserted.isEmpty && gaps.isEmpty || ranges.gaps(in: 0..<20) == gaps || text.isEmpty)
        #expect(ByteRanges(text: text) == ranges)
    }

    @Test(arguments: ["x", "5", "5-5", "7-5", "0-5 5-9", "4-9 0-2", "-1-4", "0-5,6-9"])
    func textThatMakesNoSenseIsRefused(_ text: String) {
        #expect(ByteRanges(text: text) == nil)
    }

    /// Every byte counted one by one says the same.
    @Test(arguments: 1...20) func holdsWhatWasInserted(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ranges = ByteRanges()
        var bytes = [Bool](repeating: false, count: 200)
        for _ in 0..<30 {
            let start = Int.random(in: 0..<200, using: &random)
            let end = Int.random(in: start...min(200, start + 30), using: &random)
            ranges.insert(Int64(start)..<Int64(end))
            for index in start..<end { bytes[index] = true }
            let gaps = ranges.gaps(in: 0..<200)
            for index in 0..<200 {
                let offset = Int64(index)
                #expect(gaps.contains { $0.contains(offset) } == !bytes[index])
                let end = bytes[index...].firstIndex(of: false) ?? 200
                #expect(ranges.end(from: offset) == Int64(bytes[index] ? end : index))
            }
        }
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct TimeHeapTests {
    private func item(_ number: Int) -> CachedItem {
        CachedItem(.blob, Digest(of: Array("\(number)".utf8)), in: .app)
    }

    @Test func emptyHasNoFirst() {
        var heap = TimeHeap<CachedItem>()
        #expect(heap.first == nil)
        heap.removeFirst()
        #expect(heap.first == nil)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func givesEverythingInOrder(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var heap = TimeHeap<CachedItem>()
        var all: [Int] = []
        var taken: [Int] = []
        for number in 0..<500 {
            let seconds = Int.random(in: 0..<200, using: &random)
            heap.push(item(number), at: .seconds(Int64(seconds)))
            all.append(seconds)
            guard Int.random(in: 0..<3, using: &random) == 0, let first = heap.first else {
                continue
            }
            let least = all.min().map { WallTime.seconds(Int64($0)) }
            #expect(first.time == least)
            if let index = all.firstIndex(where: { WallTime.seconds(Int64($0)) == least }) {
                taken.append(all.remove(at: index))
            }
            heap.removeFirst()
        }
        var rest: [WallTime] = []
        while let first = heap.first {
            rest.append(first.time)
            heap.removeFirst()
        }
        #expect(rest == all.sorted().map { .seconds(Int64($0)) })
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct BoundedCacheTests {
    private var cache = BoundedCache<Int, String>(weightLimit: 100)

    @Test mutating func givesBackWhatItKeeps() {
        cache.insert("one", for: 1, weight: 10)
        cache.insert("two", for: 2, weight: 10)
        cache.insert("other", for: 1, weight: 20)
        #expect(cache.value(for: 1) == "other" && cache.value(for: 2) == "two")
        #expect(cache.value(for: 3) == nil && cache.count == 2)
        cache.remove(1)
        cache.remove(1)
        #expect(cache.value(for: 1) == nil && cache.value(for: 2) == "two")
    }

    @Test mutating func letsGoOfWhatIsNotUsedFirst() {
        for key in 0..<10 { cache.insert("\(key)", for: key, weight: 10) }
        for key in 0..<9 { _ = cache.value(for: key) }
        cache.insert("new", for: 10, weight: 10)
        #expect(cache.value(for: 9) == nil && cache.value(for: 10) == "new")
        #expect((0..<9).allSatisfy { cache.value(for: $0) == "\($0)" })
    }

    @Test mutating func keepsNothingThatIsTooHeavy() {
        cache.insert("light", for: 1, weight: 25)
        cache.insert("heavy", for: 2, weight: 26)
        #expect(cache.value(for: 1) == "light" && cache.value(for: 2) == nil)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func neverGivesAnotherValueNorGrowsBeyondItsLimit(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var cache = BoundedCache<Int, Int>(weightLimit: 100)
        var latest: [Int: (value: Int, weight: Int)] = [:]
        for step in 0..<5_000 {
            let key = Int.random(in: 0..<60, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                cache.remove(key)
                latest[key] = nil
            case 1:
                let weight = Int.random(in: 1...25, using: &random)
                cache.insert(step, for: key, weight: weight)
                latest[key] = (step, weight)
            default:
                if let value = cache.value(for: key) { #expect(value == latest[key]?.value) }
            }
            let held = latest.filter { cache.value(for: $0.key) != nil }
            #expect(held.values.reduce(0) { $0 + $1.weight } <= 100)
            #expect(held.count == cache.count)
        }
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// Numbers for keys.
@Suite struct InternerTests {
    /// A key whose hash is one of few, so that many begin in one place.
    private struct Key: Hashable {
        var value: Int

        func hash(into hasher: inout Hasher) { hasher.combine(value % 7) }
    }

    @Test func aKeyHasOneNumberAndANumberOneKey() {
        var interner = Interner<String>()
        #expect(interner.number(of: "a") == nil && interner.count == 0)
        let first = interner.insert("a")
        let second = interner.insert("b")
        #expect(first != second && interner.insert("a") == first && interner.count == 2)
        #expect(interner[first] == "a" && interner[second] == "b")
    }

    @Test func numbersThatAreFreeAreUsedAgain() {
        var interner = Interner<String>()
        let numbers = ["a", "b", "c"].map { interner.insert($0) }
        interner.remove(numbers[1])
        interner.remove(numbers[1])
        #expect(interner[numbers[1]] == nil && interner.number(of: "b") == nil)
        #expect(interner.insert("d") == numbers[1] && interner.count == 3)
        #expect(interner.number(of: "c") == numbers[2])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func isRightAfterManyChangesAlsoWhenHashesCollide(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var interner = Interner<Key>()
        var model: [Key: Interner<Key>.Number] = [:]
        for _ in 0..<5_000 {
            let key = Key(value: Int.random(in: 0..<150, using: &random))
            if Bool.random(using: &random) {
                let number = interner.insert(key)
                #expect(model[key] ?? number == number)
                model[key] = number
            } else if let number = model.removeValue(forKey: key) {
                interner.remove(number)
            }
            #expect(interner.number(of: key) == model[key])
        }
        #expect(interner.count == model.count && Set(model.values).count == model.count)
        for (key, number) in model {
            #expect(interner.number(of: key) == number && interner[number] == key)
        }
    }
}

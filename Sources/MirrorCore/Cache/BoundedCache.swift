/// Values that are at hand, up to a total weight. What has not been looked at since the hand
/// last came by goes first, so looking costs no reordering.
package struct BoundedCache<Key: Hashable & Sendable, Value: Sendable> {
    private struct Entry {
        var key: Key
        var value: Value
        var weight: Int
        var isUsed: Bool
        /// Whether it has come since ``removeIdle()`` was called.
        var isNew = true
    }

    private let weightLimit: Int
    private var weight = 0
    private var entries: [Entry] = []
    private var places: [Key: Int] = [:]
    private var hand = 0

    /// - Parameter weightLimit: the sum of weights that is kept at most.
    package init(weightLimit: Int) {
        self.weightLimit = weightLimit
    }

    package var count: Int { entries.count }

    /// The value for `key`, which counts as a use.
    package mutating func value(for key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        entries[place].isUsed = true
        return entries[place].value
    }

    /// Keeps `value`, letting others go; what is heavier than a quarter of the limit is not
    /// kept at all.
    package mutating func insert(_ value: Value, for key: Key, weight added: Int) {
        remove(key)
        guard added <= weightLimit / 4 else { return }
        while weight + added > weightLimit, !entries.isEmpty { _ = evictOne() }
        places[key] = entries.count
        entries.append(Entry(key: key, value: value, weight: added, isUsed: false))
        weight += added
    }

    /// Lets go of one that has not been looked at for a while; nil when there is none.
    mutating func removeOne() -> Value? {
        entries.isEmpty ? nil : evictOne()
    }

    /// Lets go of all that are as said, found by looking at all.
    mutating func removeAll(where isUnwanted: (Key, Value) -> Bool) {
        for entry in entries where isUnwanted(entry.key, entry.value) { remove(entry.key) }
    }

    package mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        weight -= entries[place].weight
        let last = entries.removeLast()
        if place < entries.count {
            entries[place] = last
            places[last.key] = place
        }
    }

    /// Lets go of what has neither come nor been looked at since this was called before.
    mutating func removeIdle() {
        for entry in entries where !entry.isUsed && !entry.isNew { remove(entry.key) }
        for index in entries.indices {
            entries[index].isUsed = false
            entries[index].isNew = false
        }
    }

    /// Some value whose key is as it should be, found by looking at all.
    func first(where isWanted: (Key) -> Bool) -> Value? {
        entries.first { isWanted($0.key) }?.value
    }

    private mutating func evictOne() -> Value {
        while true {
            if hand >= entries.count { hand = 0 }
            guard entries[hand].isUsed else { break }
            entries[hand].isUsed = false
            hand += 1
        }
        let value = entries[hand].value
        remove(entries[hand].key)
        return value
    }
}

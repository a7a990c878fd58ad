/// A small number for each of many keys, so that tables name a key by four bytes. A value.
///
/// Keys lie in the order of their numbers; their numbers, by the hash of the key, in a table with
/// open places (linear probing). Numbers that are free are used again.
struct Interner<Key: Hashable> {
    typealias Number = UInt32

    /// What stands in a place that is open.
    private static var open: Number { .max }
    private static var leastPlaceCount: Int { 16 }

    private var keys: [Key?] = []
    private var free: [Number] = []
    private var places: [Number] = []

    /// How many keys have a number.
    var count: Int { keys.count - free.count }

    /// The number of a key that has one.
    func number(of key: Key) -> Number? {
        if places.isEmpty { return nil }
        let number = places[place(of: key)]
        return number == Self.open ? nil : number
    }

    /// The key with this number.
    subscript(number: Number) -> Key? { keys[Int(number)] }

    /// The number of a key, from now on where it has had none.
    mutating func insert(_ key: Key) -> Number {
        if 4 * (count + 1) > 3 * places.count { grow() }
        let place = place(of: key)
        if places[place] != Self.open { return places[place] }
        let number = free.popLast() ?? Number(keys.count)
        if number < keys.count { keys[Int(number)] = key } else { keys.append(key) }
        places[place] = number
        return number
    }

    /// Lets go of a number and its key.
    mutating func remove(_ number: Number) {
        guard let key = keys[Int(number)] else { return }
        close(gapAt: place(of: key))
        keys[Int(number)] = nil
        free.append(number)
    }

    // MARK: Places

    /// Where the number of a key stands, or would.
    private func place(of key: Key) -> Int {
        var place = home(of: key)
        while places[place] != Self.open, keys[Int(places[place])] != key { place = next(place) }
        return place
    }

    /// Where the search for a key begins.
    private func home(of key: Key) -> Int { key.hashValue & (places.count - 1) }

    private func next(_ place: Int) -> Int { (place + 1) & (places.count - 1) }

    /// Opens a place, and moves those up that are looked for from before it on.
    private mutating func close(gapAt start: Int) {
        var gap = start
        var place = next(start)
        while places[place] != Self.open, let key = keys[Int(places[place])] {
            // How far it stands from its home, and how far the gap is from there.
            let mask = places.count - 1
            let home = home(of: key)
            if (place - home) & mask >= (place - gap) & mask {
                places[gap] = places[place]
                gap = place
            }
            place = next(place)
        }
        places[gap] = Self.open
    }

    private mutating func grow() {
        let count = max(Self.leastPlaceCount, 2 * places.count)
        places = Array(repeating: Self.open, count: count)
        for (number, key) in keys.enumerated() {
            if let key { places[place(of: key)] = Number(number) }
        }
    }
}

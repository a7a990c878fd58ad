/// Items by a time, the earliest first: a binary heap. An item may be in it more than once.
struct TimeHeap<Item> {
    private var entries: [(item: Item, time: WallTime)] = []
    /// How often an entry was put into a place: what the heap has cost so far.
    private(set) var moveCount = 0

    /// The item with the earliest time.
    var first: (item: Item, time: WallTime)? { entries.first }

    mutating func push(_ item: Item, at time: WallTime) {
        entries.append((item, time))
        moveCount += 1
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].time < entries[parent].time else { return }
            entries.swapAt(child, parent)
            moveCount += 1
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        moveCount += 1
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].time < entries[least].time { least = child }
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            moveCount += 1
            parent = least
        }
    }
}

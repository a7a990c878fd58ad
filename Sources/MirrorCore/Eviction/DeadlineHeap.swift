/// Items by deadline, the earliest first: a binary heap. An item may be in it more than once.
struct DeadlineHeap {
    private var entries: [(item: CachedItem, deadline: WallTime)] = []

    /// The item that is due first.
    var first: (item: CachedItem, deadline: WallTime)? { entries.first }

    mutating func push(_ item: CachedItem, at deadline: WallTime) {
        entries.append((item, deadline))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].deadline < entries[parent].deadline else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].deadline < entries[least].deadline { least = child }
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}

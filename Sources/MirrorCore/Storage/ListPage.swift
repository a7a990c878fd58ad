/// Collects the first names, in the order of their bytes, out of any number that pass.
struct ListPage {
    private let after: String?
    private let limit: Int
    private let capacity: Int
    private var entries: [ListEntry] = []
    /// The last name that can still be on the page, once it has been full.
    private var last: String?

    init(after: String?, limit: Int) {
        self.after = after
        self.limit = limit
        capacity = limit > Int.max / 2 ? Int.max : limit * 2
    }

    /// Whether the page has a place for `name`.
    func wants(_ name: String) -> Bool {
        if let after, name <= after { return false }
        if let last, name > last { return false }
        return true
    }

    mutating func add(_ entry: ListEntry) {
        entries.append(entry)
        if entries.count >= capacity { cut() }
    }

    consuming func finish() -> [ListEntry] {
        cut()
        return entries
    }

    private mutating func cut() {
        entries.sort { $0.name < $1.name }
        guard entries.count > limit else { return }
        entries.removeSubrange(limit...)
        last = entries.last?.name
    }
}

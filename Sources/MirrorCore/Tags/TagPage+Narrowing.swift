extension TagPage {
    /// The page that was asked for, out of what upstream answered: some upstreams, the reference
    /// registry of line 2 among them, know neither `last` nor `n`, and list all they have in any
    /// order. Such a list is put in order, so that its pages fit together.
    func narrowed(from position: ListPosition, limit: Int?) -> TagPage {
        // An upstream with cursors of its own goes on at the page's end alone.
        if case .link = position { return self }
        if case .link = next { return self }
        var page = self
        if case .behind(let last) = position { page.drop(upTo: last) }
        if let limit, page.tags.count > limit {
            if next == nil { page.tags.sort() }
            page.tags = Array(page.tags.prefix(limit))
            page.next = page.tags.last.map { .behind($0) }
        }
        return page
    }

    /// Leaves out what comes no later than `last`, where upstream did not. In a list of no order
    /// that is known only where `last` stands in it.
    private mutating func drop(upTo last: String) {
        let isWhole = tags.contains(last)
        if isWhole { tags.sort() }
        if isWhole || zip(tags, tags.dropFirst()).allSatisfy({ $0 < $1 }) {
            tags.removeAll { $0 <= last }
        }
    }
}

/// Which ranges of a blob somebody wants, as a value: those that are still to be fetched, in the
/// order in which that is begun, and those that are on their way to somebody who waits.
struct RangeWants {
    /// A range that is still to be fetched.
    private struct Entry {
        var range: Range<Int64>
        /// The transfer that brings what comes before it for the same reader: it has to end first.
        var predecessor: Int?

        func isDue(_ isRunning: (Int) -> Bool) -> Bool {
            predecessor.map { !isRunning($0) } ?? true
        }
    }

    private var entries: [Entry] = []
    private var awaited = ByteRanges()
    /// When it is to be looked at whether what somebody waits for comes; nil while nobody does.
    private(set) var lookAgainAt: WallTime?

    /// What is still to be fetched.
    var ranges: [Range<Int64>] { entries.map(\.range) }

    // MARK: What is to be fetched

    /// A range is wanted that is read from `offset` on. What of it is to be fetched soon anyway
    /// stays; what would be fetched late is set free of what comes before.
    ///
    /// - Parameter leeway: how far into what follows it a running transfer comes soon; nil where
    ///   it has ended.
    /// - Returns: what of it had not been wanted, or was set free.
    mutating func insert(
        _ range: Range<Int64>, from offset: Int64, leeway: (_ transfer: Int) -> Int64?
    ) -> [Range<Int64>] {
        var kept = ByteRanges()
        entries = entries.flatMap { entry in
            if !entry.range.overlaps(range) { return [entry] }
            let leeway = entry.predecessor.flatMap(leeway) ?? FillPlan.waitByteLimit
            if max(0, offset - entry.range.lowerBound) < leeway {
                kept.insert(entry.range)
                return [entry]
            }
            return ByteRanges(range).gaps(in: entry.range).map {
                Entry(range: $0, predecessor: entry.predecessor)
            }
        }
        let new = kept.gaps(in: range)
        entries += new.map { Entry(range: $0) }
        return new
    }

    /// A range is wanted when the transfer that brings what comes before it has ended.
    mutating func insert(_ range: Range<Int64>, behind transfer: Int) {
        if range.isEmpty { return }
        entries.append(Entry(range: range, predecessor: transfer))
    }

    /// A range is wanted before all others.
    mutating func insertFirst(_ range: Range<Int64>) {
        if range.isEmpty { return }
        entries.insert(Entry(range: range), at: 0)
    }

    /// Whether there is a range that can be begun.
    func hasFirst(_ isRunning: (_ transfer: Int) -> Bool) -> Bool {
        entries.contains { $0.isDue(isRunning) }
    }

    /// Takes out the first that can be begun, at most `limit` bytes of it, to be fetched by
    /// `transfer`: the rest follows that.
    mutating func takeFirst(
        upTo limit: Int64, by transfer: Int, _ isRunning: (_ transfer: Int) -> Bool
    ) -> Range<Int64>? {
        guard let index = entries.firstIndex(where: { $0.isDue(isRunning) }) else { return nil }
        let range = entries[index].range
        let part = range.prefix(limit)
        if part == range {
            entries.remove(at: index)
        } else {
            entries[index] = Entry(range: part.upperBound..<range.upperBound, predecessor: transfer)
        }
        return part
    }

    // MARK: What somebody waits for

    /// A range is on its way to somebody who waits.
    mutating func wait(for range: Range<Int64>, at now: WallTime) {
        awaited.insert(range)
        lookAgainAt = lookAgainAt ?? now + TransferPace.waitLimit
    }

    /// Takes out what somebody waits for, when it is time to look again.
    mutating func takeAwaited(at now: WallTime) -> [Range<Int64>] {
        guard let due = lookAgainAt, due <= now else { return [] }
        defer {
            awaited = ByteRanges()
            lookAgainAt = nil
        }
        return awaited.ranges
    }
}

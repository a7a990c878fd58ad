/// Parts of a blob in memory, in order, which do not overlap.
struct SpilledBytes {
    struct Part {
        let start: Int64
        var bytes: [UInt8]

        var end: Int64 { start + Int64(bytes.count) }
    }

    private(set) var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    /// Where the last part ends; 0 when there is none.
    var end: Int64 { parts.last?.end ?? 0 }

    /// What is here.
    var ranges: ByteRanges {
        parts.reduce(into: ByteRanges()) { $0.insert($1.start..<$1.end) }
    }

    /// Adds a part that is not there yet.
    mutating func insert(_ bytes: [UInt8], at offset: Int64) {
        let index = firstIndex(behind: offset)
        if index > 0, parts[index - 1].end == offset {
            parts[index - 1].bytes += bytes
        } else {
            parts.insert(Part(start: offset, bytes: bytes), at: index)
        }
    }

    /// The bytes from `offset` on, at most `limit` of them; nil when they are not here.
    func read(at offset: Int64, limit: Int) -> [UInt8]? {
        let index = firstIndex(behind: offset)
        guard index > 0, offset < parts[index - 1].end else { return nil }
        let part = parts[index - 1]
        return part.bytes.part(at: offset - part.start, limit: limit)
    }

    /// Where the first part behind `offset` begins; nil when there is none.
    func next(behind offset: Int64) -> Int64? {
        let index = firstIndex(behind: offset)
        return index < parts.count ? parts[index].start : nil
    }

    /// Whether a byte of `range` is here.
    func overlaps(_ range: Range<Int64>) -> Bool {
        guard let last = parts.last, range.lowerBound < last.end else { return false }
        return read(at: range.lowerBound, limit: 1) != nil
            || next(behind: range.lowerBound).map { $0 < range.upperBound } ?? false
    }

    /// The first part that begins behind `offset`.
    private func firstIndex(behind offset: Int64) -> Int {
        var low = 0
        var high = parts.count
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].start > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

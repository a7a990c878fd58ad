/// Which bytes of something are there: ranges in order, which neither overlap nor touch.
struct ByteRanges: Hashable, Sendable {
    private(set) var ranges: [Range<Int64>] = []

    init(_ ranges: Range<Int64>...) {
        for range in ranges { insert(range) }
    }

    mutating func insert(_ range: Range<Int64>) {
        if range.isEmpty { return }
        let first = index { $0.upperBound >= range.lowerBound }
        let last = index { $0.lowerBound > range.upperBound }
        guard first < last else { return ranges.insert(range, at: first) }
        let lower = min(range.lowerBound, ranges[first].lowerBound)
        let upper = max(range.upperBound, ranges[last - 1].upperBound)
        if last - first == 1 {
            ranges[first] = lower..<upper
        } else {
            ranges.replaceSubrange(first..<last, with: CollectionOfOne(lower..<upper))
        }
    }

    /// Where the bytes that are there from `offset` on end; `offset` when it is not there.
    func end(from offset: Int64) -> Int64 {
        let index = index { $0.upperBound > offset }
        guard index < ranges.count, ranges[index].lowerBound <= offset else { return offset }
        return ranges[index].upperBound
    }

    /// Whether every byte of `range` is there.
    func contains(_ range: Range<Int64>) -> Bool {
        range.isEmpty || end(from: range.lowerBound) >= range.upperBound
    }

    /// What of `range` is not there, in order.
    func gaps(in range: Range<Int64>) -> [Range<Int64>] {
        var gaps: [Range<Int64>] = []
        var offset = range.lowerBound
        var index = index { $0.upperBound > offset }
        while offset < range.upperBound {
            guard index < ranges.count, ranges[index].lowerBound < range.upperBound else {
                gaps.append(offset..<range.upperBound)
                break
            }
            if ranges[index].lowerBound > offset {
                gaps.append(offset..<ranges[index].lowerBound)
            }
            offset = ranges[index].upperBound
            index += 1
        }
        return gaps
    }

    /// Whether they are a beginning without a gap; nothing is one too.
    var isPrefix: Bool {
        ranges.isEmpty || ranges.count == 1 && ranges[0].lowerBound == 0
    }

    /// How many bytes these are.
    var count: Int64 { ranges.reduce(0) { $0 + Int64($1.count) } }

    /// The first range for which `isBehind` holds; it holds for all behind it.
    private func index(_ isBehind: (Range<Int64>) -> Bool) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension ByteRanges {
    /// One line: `0-1048576 4194304-5242880`.
    var text: String {
        ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
    }

    /// Reads what ``text`` wrote; nil for all else.
    init?(text: String) {
        var last: Int64 = -1
        for word in text.split(separator: " ") {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false)
                .compactMap { Int64($0) }
            guard ends.count == 2, ends.map(String.init).joined(separator: "-") == word,
                last < ends[0], ends[0] < ends[1]
            else { return nil }
            ranges.append(ends[0]..<ends[1])
            last = ends[1]
        }
    }
}

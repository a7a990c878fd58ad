/// A `Range` field in bytes (RFC 9110 section 14.1.2).
struct ByteRangeField: Hashable, Sendable {
    /// Ranges that are answered in one response; more than that get the whole content.
    static let countLimit = 64

    private enum Spec: Hashable {
        /// From an offset to another, or to the end.
        case from(Int64, through: Int64?)
        /// That many bytes at the end.
        case last(Int64)
    }

    /// What a field means for content of a known size.
    enum Resolution: Hashable {
        /// The field is to be left aside.
        case whole
        case one(Range<Int64>)
        /// In the order they were asked for; those that touch have been joined.
        case several([Range<Int64>])
        /// Nothing of what was asked for exists.
        case none

        /// The ranges that are to be sent, where it is not all.
        var ranges: [Range<Int64>] {
            switch self {
            case .one(let range): [range]
            case .several(let ranges): ranges
            case .whole, .none: []
            }
        }
    }

    private let specs: [Spec]

    /// Parses `bytes=0-99,200-,-50`; nil for what is malformed or in another unit, which a
    /// server leaves aside (RFC 9110 section 14.2).
    init?(_ text: String) {
        // Units in any case, and empty elements of a list count as none (RFC 9110 sections 14.1
        // and 5.6.1).
        guard isSame(text.prefix(6), "bytes=") else { return nil }
        var specs: [Spec] = []
        for part in text.dropFirst(6).split(separator: ",").map(\.trimmed) where !part.isEmpty {
            let words = part.split(
                separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2 else { return nil }
            switch (Self.number(words[0]), Self.number(words[1])) {
            case (let first?, let last?):
                specs.append(.from(first, through: last))
            case (let first?, nil):
                guard words[1].isEmpty else { return nil }
                specs.append(.from(first, through: nil))
            case (nil, let count?):
                guard words[0].isEmpty else { return nil }
                specs.append(.last(count))
            case (nil, nil): return nil
            }
        }
        guard !specs.isEmpty else { return nil }
        self.specs = specs
    }

    /// Whether every range names its end. Clients that fetch in chunks ask for all behind an
    /// offset and leave when they have enough: what such a range covers is not what they want.
    var isBounded: Bool {
        specs.count <= Self.countLimit
            && specs.allSatisfy { spec in
                if case .from(_, through: nil) = spec { return false }
                return true
            }
    }

    func resolve(size: Int64) -> Resolution {
        if specs.count > Self.countLimit { return .whole }
        let ranges = specs.compactMap { Self.range($0, size) }
        switch ranges.count {
        case 0: return .none
        case 1: return .one(ranges[0])
        default:
            let joined = Self.joined(ranges)
            return joined.count == 1 ? .one(joined[0]) : .several(joined)
        }
    }

    private static func range(_ spec: Spec, _ size: Int64) -> Range<Int64>? {
        switch spec {
        case .from(let first, let last):
            // One that ends before it begins may be refused (RFC 9110 section 14.2), and is.
            guard first < size, first <= last ?? .max else { return nil }
            return first..<(min(last ?? .max, size - 1) + 1)
        case .last(let count):
            guard count > 0, size > 0 else { return nil }
            return max(0, size - count)..<size
        }
    }

    /// Joins what overlaps or touches, so that no byte is sent twice.
    private static func joined(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        var joined: [Range<Int64>] = []
        for range in ranges {
            var union = range
            joined.removeAll { other in
                guard other.lowerBound <= union.upperBound, union.lowerBound <= other.upperBound
                else { return false }
                union =
                    min(
                        union.lowerBound, other.lowerBound)..<max(
                        union.upperBound, other.upperBound)
                return true
            }
            joined.append(union)
        }
        return joined
    }

    private static func number(_ digits: Substring) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        // A number too large to hold lies past every end.
        return Int64(digits) ?? .max - 1
    }
}

extension Substring {
    /// Without blanks at either end.
    var trimmed: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

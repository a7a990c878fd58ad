extension WallTime {
    /// Reads a moment as RFC 3339 writes it, with any offset and any number of fraction digits
    /// (those beyond the ninth are dropped).
    ///
    /// A date outside the range of this type becomes the nearest end of it: the year 1, which Go
    /// writes for "no time", reads as ``distantPast``.
    ///
    /// - Returns: `nil` when the text is not of that form or the date does not exist.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.take("-"),
            let month = reader.number(digits: 2), reader.take("-"),
            let day = reader.number(digits: 2),
            reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(digits: 2), reader.take(":"),
            let minute = reader.number(digits: 2), reader.take(":"),
            let second = reader.number(digits: 2),
            let nanoseconds = reader.fraction(),
            let offset = reader.offsetInSeconds(), reader.isAtEnd,
            let date = CivilDate(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self.init(secondsSinceEpoch: date.secondsSinceEpoch - offset, nanoseconds: nanoseconds)
    }

    /// Reads a moment as HTTP header fields carry it, in the form that ``imfFixdate`` writes.
    ///
    /// - Returns: `nil` for anything else, the two obsolete forms of HTTP dates included.
    public init?(imfFixdate text: some StringProtocol) {
        var reader = DigitReader(text)
        guard reader.name(in: Self.weekdayNames) != nil, reader.take(","), reader.take(" "),
            let day = reader.number(digits: 2), reader.take(" "),
            let month = reader.name(in: Self.monthNames), reader.take(" "),
            let year = reader.number(digits: 4), reader.take(" "),
            let hour = reader.number(digits: 2), reader.take(":"),
            let minute = reader.number(digits: 2), reader.take(":"),
            let second = reader.number(digits: 2),
            reader.take(" "), reader.take("G"), reader.take("M"), reader.take("T"),
            reader.isAtEnd,
            let date = CivilDate(
                year: year, month: Int64(month) + 1, day: day,
                hour: hour, minute: minute, second: second)
        else { return nil }
        self.init(secondsSinceEpoch: date.secondsSinceEpoch, nanoseconds: 0)
    }
}

/// Takes fixed-width fields off the front of a text.
private struct DigitReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = ArraySlice(text.utf8) }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: expected) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// The index of the three-letter name that comes next.
    mutating func name(in names: [String]) -> Int? {
        guard let index = names.firstIndex(where: { rest.starts(with: $0.utf8) }) else {
            return nil
        }
        rest.removeFirst(3)
        return index
    }

    /// An optional fraction of a second, in nanoseconds; `nil` when a point has no digit after it.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        guard var value = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            guard count < 9 else { continue }
            value = value * 10 + digit
            count += 1
        }
        for _ in count..<9 { value *= 10 }
        return value
    }

    /// `Z`, or hours and minutes east (+) or west (-) of Greenwich.
    mutating func offsetInSeconds() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"),
            let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return isWest ? -seconds : seconds
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
            return nil
        }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }
}

extension WallTime {
    /// The moment as RFC 3339 writes it, in UTC, the fraction as short as it can be without
    /// losing a nanosecond: `2026-11-24T03:40:12.123456789Z`, `2026-11-24T03:40:12Z`.
    public var rfc3339: String { text { $0.appendRFC3339(to: &$1) } }

    /// The moment as the common and combined log formats write it:
    /// `24/Nov/2026:03:40:12 +0000`.
    public var combinedLogDate: String { text { $0.appendCombinedLogDate(to: &$1) } }

    /// The moment as HTTP header fields carry it, to the second
    /// (https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7): `Tue, 24 Nov 2026 03:40:12 GMT`.
    public var imfFixdate: String { text { $0.appendIMFFixdate(to: &$1) } }

    /// Appends what ``rfc3339`` says.
    public func appendRFC3339(to output: inout [UInt8]) {
        let (seconds, nanoseconds) = split
        let date = CivilDate(secondsSinceEpoch: seconds)
        DecimalText.append(date.year, width: 4, to: &output)
        output.append(UInt8(ascii: "-"))
        DecimalText.append(date.month, width: 2, to: &output)
        output.append(UInt8(ascii: "-"))
        DecimalText.append(date.day, width: 2, to: &output)
        output.append(UInt8(ascii: "T"))
        Self.appendTimeOfDay(date, to: &output)
        Self.appendFraction(nanoseconds, to: &output)
        output.append(UInt8(ascii: "Z"))
    }

    /// Appends what ``combinedLogDate`` says.
    public func appendCombinedLogDate(to output: inout [UInt8]) {
        let date = CivilDate(secondsSinceEpoch: split.seconds)
        DecimalText.append(date.day, width: 2, to: &output)
        output.append(UInt8(ascii: "/"))
        Self.appendMonth(date, to: &output)
        output.append(UInt8(ascii: "/"))
        DecimalText.append(date.year, width: 4, to: &output)
        output.append(UInt8(ascii: ":"))
        Self.appendTimeOfDay(date, to: &output)
        output.append(contentsOf: " +0000".utf8)
    }

    /// Appends what ``imfFixdate`` says.
    public func appendIMFFixdate(to output: inout [UInt8]) {
        let seconds = split.seconds
        let date = CivilDate(secondsSinceEpoch: seconds)
        let weekday = CivilDate.weekday(ofSecondsSinceEpoch: seconds)
        output.append(contentsOf: Self.weekdayNames[weekday].utf8)
        output.append(contentsOf: ", ".utf8)
        DecimalText.append(date.day, width: 2, to: &output)
        output.append(UInt8(ascii: " "))
        Self.appendMonth(date, to: &output)
        output.append(UInt8(ascii: " "))
        DecimalText.append(date.year, width: 4, to: &output)
        output.append(UInt8(ascii: " "))
        Self.appendTimeOfDay(date, to: &output)
        output.append(contentsOf: " GMT".utf8)
    }

    /// Whole seconds since the epoch, rounded down, and the nanoseconds after them.
    private var split: (seconds: Int64, nanoseconds: Int64) {
        let seconds = CivilDate.floorDivide(nanosecondsSinceEpoch, by: 1_000_000_000)
        // The product can lie below the range although the difference is small.
        return (seconds, nanosecondsSinceEpoch &- seconds &* 1_000_000_000)
    }

    private func text(_ append: (WallTime, inout [UInt8]) -> Void) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(32)
        append(self, &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendTimeOfDay(_ date: CivilDate, to output: inout [UInt8]) {
        DecimalText.append(date.hour, width: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        DecimalText.append(date.minute, width: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        DecimalText.append(date.second, width: 2, to: &output)
    }

    private static func appendFraction(_ nanoseconds: Int64, to output: inout [UInt8]) {
        guard nanoseconds != 0 else { return }
        output.append(UInt8(ascii: "."))
        DecimalText.append(nanoseconds, width: 9, to: &output)
        while output.last == UInt8(ascii: "0") { output.removeLast() }
    }

    private static func appendMonth(_ date: CivilDate, to output: inout [UInt8]) {
        output.append(contentsOf: monthNames[Int(date.month) - 1].utf8)
    }

    static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    static let weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
}

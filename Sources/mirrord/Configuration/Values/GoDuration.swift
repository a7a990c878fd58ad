/// Amounts of time as Go writes them, which is how the reference registry's files do:
/// `168h`, `1m30s`, `1.5h`, `100ms`, `-1s`.
enum GoDuration {
    /// The amount that a text stands for, to the nanosecond.
    ///
    /// - Returns: `nil` for another form, or for an amount beyond 292 years.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = takePart(from: &rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return .nanoseconds(isNegative ? -total : total)
    }

    /// A number and its unit, in nanoseconds.
    private static func takePart(from rest: inout Substring) -> Int64? {
        let whole = takeDigits(from: &rest)
        var fraction: Substring = ""
        if rest.first == "." {
            rest.removeFirst()
            fraction = takeDigits(from: &rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty, let unit = takeUnit(from: &rest) else {
            return nil
        }
        guard let count = whole.isEmpty ? 0 : Int64(whole) else { return nil }
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        let (sum, sumOverflow) = nanoseconds.addingReportingOverflow(
            share(of: unit, fraction: fraction))
        return sumOverflow ? nil : sum
    }

    /// The decimal fraction of a unit, rounded down; digits past the eighteenth count nothing.
    private static func share(of unit: Int64, fraction: Substring) -> Int64 {
        let digits = fraction.prefix(18)
        var scale: Int128 = 1
        for _ in digits { scale *= 10 }
        return Int64(clamping: Int128(Int64(digits) ?? 0) * Int128(unit) / scale)
    }

    private static func takeDigits(from rest: inout Substring) -> Substring {
        let digits = rest.prefix { ("0"..."9").contains($0) && $0.isASCII }
        rest.removeFirst(digits.count)
        return digits
    }

    private static func takeUnit(from rest: inout Substring) -> Int64? {
        for (name, nanoseconds) in units where rest.hasPrefix(name) {
            rest.removeFirst(name.count)
            return nanoseconds
        }
        return nil
    }

    /// `ms` stands before `m`, which is its beginning.
    private static let units: [(String, Int64)] = [
        ("ns", 1), ("us", 1_000), ("\u{B5}s", 1_000), ("\u{3BC}s", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]
}

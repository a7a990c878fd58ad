/// Amounts of bytes as people write them: `50GiB`, `500MB`, `1.5KiB`, `512B` or a bare number.
enum ByteAmount {
    /// The amount that a text stands for, rounded down to whole bytes.
    ///
    /// - Returns: `nil` for another form, or for more than 8 EiB.
    static func parse(_ text: String) -> Int64? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let factor = units[String(unit)] else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
        let (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return bytes }
        guard let share = share(of: factor, digits: parts[1]) else { return nil }
        let (sum, sumOverflow) = bytes.addingReportingOverflow(share)
        return sumOverflow ? nil : sum
    }

    /// The decimal fraction of a unit; digits past the eighteenth count nothing.
    private static func share(of factor: Int64, digits: Substring) -> Int64? {
        guard let numerator = Int64(digits.prefix(18)) else { return nil }
        let denominator = digits.prefix(18).reduce(Int128(1)) { scale, _ in scale * 10 }
        return Int64(clamping: Int128(numerator) * Int128(factor) / denominator)
    }

    private static let units: [String: Int64] = [
        "": 1, "B": 1,
        "kB": 1_000, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]
}

/// Writes amounts of time as Go does, which is what readers of a registry's logs know: `1.5ms`,
/// `2m30s`, `168h0m0s`, `0s`.
enum DurationText {
    /// Appends `duration`, to the nanosecond.
    static func append(_ duration: Duration, to output: inout [UInt8]) {
        let nanoseconds = duration.clampedNanoseconds
        if nanoseconds < 0 { output.append(UInt8(ascii: "-")) }
        let magnitude = nanoseconds.magnitude
        switch magnitude {
        case 0: output.append(contentsOf: "0s".utf8)
        case ..<1_000: append(magnitude, per: 1, unit: "ns", to: &output)
        case ..<1_000_000: append(magnitude, per: 1_000, unit: "µs", to: &output)
        case ..<1_000_000_000: append(magnitude, per: 1_000_000, unit: "ms", to: &output)
        default: appendClock(magnitude, to: &output)
        }
    }

    /// Hours, minutes and seconds: a part is left out when it and all before it are zero.
    private static func appendClock(_ nanoseconds: UInt64, to output: inout [UInt8]) {
        let wholeMinutes = nanoseconds / nanosecondsPerMinute
        if wholeMinutes >= 60 {
            DecimalText.append(Int64(wholeMinutes / 60), to: &output)
            output.append(UInt8(ascii: "h"))
        }
        if wholeMinutes > 0 {
            DecimalText.append(Int64(wholeMinutes % 60), to: &output)
            output.append(UInt8(ascii: "m"))
        }
        append(nanoseconds % nanosecondsPerMinute, per: 1_000_000_000, unit: "s", to: &output)
    }

    /// A number of units with the fraction that is left, without zeros at its end.
    private static func append(
        _ nanoseconds: UInt64, per unitSize: UInt64, unit: String, to output: inout [UInt8]
    ) {
        DecimalText.append(Int64(nanoseconds / unitSize), to: &output)
        var rest = nanoseconds % unitSize
        if rest > 0 { output.append(UInt8(ascii: ".")) }
        var place = unitSize / 10
        while rest > 0 {
            output.append(UInt8(ascii: "0") + UInt8(rest / place))
            rest %= place
            place /= 10
        }
        output.append(contentsOf: unit.utf8)
    }

    private static let nanosecondsPerMinute: UInt64 = 60_000_000_000
}

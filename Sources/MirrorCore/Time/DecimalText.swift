/// Writes whole numbers as decimal digits into a buffer of bytes.
enum DecimalText {
    /// Appends `value` in as few digits as it takes, with a minus sign where it is negative.
    static func append(_ value: Int64, to output: inout [UInt8]) {
        if value < 0 { output.append(UInt8(ascii: "-")) }
        append(magnitude: value.magnitude, width: 1, to: &output)
    }

    /// Appends `value`, which is not negative, in at least `width` digits.
    static func append(_ value: Int64, width: Int, to output: inout [UInt8]) {
        append(magnitude: value.magnitude, width: width, to: &output)
    }

    private static func append(magnitude: UInt64, width: Int, to output: inout [UInt8]) {
        var rest = magnitude
        let start = output.count
        repeat {
            output.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        while output.count - start < width { output.append(UInt8(ascii: "0")) }
        output[start...].reverse()
    }
}

/// What a text without quotes means.
///
/// The rules are those of the YAML library of the reference registry (yaml.v2), because its
/// users' files were written against them: YAML 1.2's core schema, and of YAML 1.1 the truths
/// `yes`, `no`, `on`, `off`, `y` and `n`, octal numbers with a leading zero, binary numbers and
/// `_` between digits. Of YAML 1.1 there are no numbers to the base 60, no dates.
enum YAMLCoreSchema {
    static func value(of text: String) -> YAMLScalar.Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y":
            return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N":
            return .bool(false)
        default: break
        }
        if let number = int(text) { return .int(number) }
        if let number = float(text) { return .float(number) }
        return .string(text)
    }

    /// A whole number: decimal, `0x` hexadecimal, `0o` or `0` octal, `0b` binary.
    static func int(_ text: String) -> Int64? {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits.removeFirst() }
        let radix = takeRadix(from: &digits)
        guard let first = digits.utf8.first, isDigit(first, radix: radix),
            digits.utf8.allSatisfy({ isDigit($0, radix: radix) || $0 == UInt8(ascii: "_") })
        else { return nil }
        let plain = digits.filter { $0 != "_" }
        return Int64((isNegative ? "-" : "") + plain, radix: radix)
    }

    /// A number with a fraction or an exponent, any whole number, `.inf` or `.nan`.
    static func float(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: return isDecimalFloat(text) ? Double(text) : nil
        }
    }

    private static func takeRadix(from digits: inout Substring) -> Int {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            digits.removeFirst(2)
            return radix
        }
        guard digits.hasPrefix("0"), digits.count > 1 else { return 10 }
        digits.removeFirst()
        return 8
    }

    private static func isDigit(_ byte: UInt8, radix: Int) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) < radix
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            radix == 16
        default: false
        }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func isDecimalFloat(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest.removeFirst()
        }
        let whole = takeDigits(from: &rest)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(from: &rest)
        }
        guard whole + fraction > 0 else { return false }
        guard let exponent = rest.first else { return true }
        guard exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") else { return false }
        rest.removeFirst()
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest.removeFirst()
        }
        return takeDigits(from: &rest) > 0 && rest.isEmpty
    }

    private static func takeDigits(from rest: inout Substring.UTF8View) -> Int {
        let digits = rest.prefix { isDigit($0, radix: 10) }
        rest.removeFirst(digits.count)
        return digits.count
    }
}

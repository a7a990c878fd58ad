/// A named value beside the message of a log record.
public struct LogField: Hashable, Sendable {
    /// The name, in the reference registry's style: lower case, parts joined by dots.
    public var name: String
    /// The value.
    public var value: LogValue

    /// A field with any value.
    public init(_ name: String, _ value: LogValue) {
        self.name = name
        self.value = value
    }

    /// A field with a text.
    public init(_ name: String, _ text: String) { self.init(name, .string(text)) }

    /// A field with a whole number; one that does not fit 64 bits is brought to the nearest that
    /// does.
    public init(_ name: String, _ number: some BinaryInteger) {
        self.init(name, .int(Int64(clamping: number)))
    }

    /// A field that says yes or no.
    public init(_ name: String, _ flag: Bool) { self.init(name, .bool(flag)) }

    /// A field with an amount of time.
    public init(_ name: String, _ duration: Duration) { self.init(name, .duration(duration)) }
}

/// What a log field may hold.
public enum LogValue: Hashable, Sendable {
    /// A text, written as it is and escaped by the formatter.
    case string(String)
    /// A whole number.
    case int(Int64)
    /// Yes or no.
    case bool(Bool)
    /// An amount of time, written as Go writes it: `1.5ms`, `168h0m0s`.
    case duration(Duration)
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    /// A text.
    public init(stringLiteral text: String) { self = .string(text) }
    /// A whole number.
    public init(integerLiteral number: Int64) { self = .int(number) }
    /// Yes or no.
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

/// The header fields of a message, in their order.
///
/// All names and values lie in one array of bytes, as they go over the wire, so a message with
/// any number of fields costs two allocations, and writing one out is a copy.
public struct HTTPFields: Sendable {
    /// Where one field lies.
    private struct Slot {
        var name: Range<UInt32>
        var value: Range<UInt32>
    }

    /// `name: value` lines, each with its line end.
    private(set) var bytes: [UInt8] = []
    private var slots: [Slot] = []

    /// No fields.
    public init() {}

    /// No fields, with room for about `byteCount` bytes of them.
    init(byteCount: Int) {
        bytes.reserveCapacity(byteCount)
        slots.reserveCapacity(8)
    }

    /// How many fields there are.
    public var count: Int { slots.count }

    /// Adds a field at the end. Control characters in `value` become spaces, so that no value
    /// can end its line (RFC 9110 section 5.5).
    public mutating func append(_ name: HTTPFieldName, _ value: String) {
        append(name) { $0.append(contentsOf: value.utf8) }
    }

    /// Adds a field whose value is a number.
    public mutating func append(_ name: HTTPFieldName, _ value: Int64) {
        append(name) { appendDecimal(value, to: &$0) }
    }

    /// Adds a field at the end, whose value is written by `write`.
    mutating func append(_ name: HTTPFieldName, _ write: (inout [UInt8]) -> Void) {
        let start = UInt32(bytes.count)
        bytes.append(contentsOf: name.text.utf8)
        let nameEnd = UInt32(bytes.count)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(UInt8(ascii: " "))
        let valueStart = UInt32(bytes.count)
        write(&bytes)
        for index in Int(valueStart)..<bytes.count where !isFieldByte(bytes[index]) {
            bytes[index] = UInt8(ascii: " ")
        }
        let valueEnd = UInt32(bytes.count)
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
        slots.append(Slot(name: start..<nameEnd, value: valueStart..<valueEnd))
    }

    /// Adds the field that lies in `line` of a received head, which has been checked.
    mutating func appendReceived(
        _ source: Span<UInt8>, line: Range<Int>, nameEnd: Int, value: Range<Int>
    ) {
        let base = bytes.count - line.lowerBound
        bytes.append(copying: source.extracting(line))
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
        slots.append(
            Slot(
                name: UInt32(base + line.lowerBound)..<UInt32(base + nameEnd),
                value: UInt32(base + value.lowerBound)..<UInt32(base + value.upperBound)))
    }

    /// The value of the first field of this name.
    public subscript(name: HTTPFieldName) -> String? {
        for slot in slots where matches(slot, name) { return text(slot.value) }
        return nil
    }

    /// The values of all fields of this name, in their order.
    public func values(of name: HTTPFieldName) -> [String] {
        slots.filter { matches($0, name) }.map { text($0.value) }
    }

    /// How many fields there are of this name.
    func count(of name: HTTPFieldName) -> Int {
        slots.reduce(0) { matches($1, name) ? $0 + 1 : $0 }
    }

    /// Whether there is a field of this name.
    public func contains(_ name: HTTPFieldName) -> Bool {
        slots.contains { matches($0, name) }
    }

    /// Whether a list of this name holds `token` in any case, as `Connection: close` does.
    public func contains(_ name: HTTPFieldName, token: String) -> Bool {
        guard contains(name) else { return false }
        return values(of: name).contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { element in
                isSame(Substring(trimmingBlanks(element)), token)
            }
        }
    }

    /// Removes every field of this name.
    public mutating func remove(_ name: HTTPFieldName) {
        guard contains(name) else { return }
        var rest = HTTPFields()
        for slot in slots where !matches(slot, name) {
            rest.appendReceived(
                bytes.span, line: Int(slot.name.lowerBound)..<Int(slot.value.upperBound),
                nameEnd: Int(slot.name.upperBound),
                value: Int(slot.value.lowerBound)..<Int(slot.value.upperBound))
        }
        self = rest
    }

    /// Every field, as text, in its order.
    public var all: [(name: String, value: String)] {
        slots.map { (text($0.name), text($0.value)) }
    }

    private func matches(_ slot: Slot, _ name: HTTPFieldName) -> Bool {
        name.matches(bytes.span.extracting(Int(slot.name.lowerBound)..<Int(slot.name.upperBound)))
    }

    private func text(_ range: Range<UInt32>) -> String {
        String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }
}

/// Whether `byte` may stand in a field's value (RFC 9110 section 5.5).
@inline(__always)
func isFieldByte(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7f || byte == 0x09
}

/// Without the blanks at both ends (RFC 9110 section 5.6.3).
private func trimmingBlanks(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
        let last = text.lastIndex(where: { !isBlank($0) })
    else { return text[text.endIndex...] }
    return text[first...last]
}

/// Compares without regard to the case of ASCII letters.
func isSame(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    left.utf8.count == right.utf8.count
        && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}

/// Writes a number in decimal.
func appendDecimal(_ value: Int64, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
        bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
    } while rest > 0
    bytes[start...].reverse()
}

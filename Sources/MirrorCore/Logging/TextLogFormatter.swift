/// Writes a record as the reference registry does, one line of `key=value` pairs:
/// `time="2026-11-24T03:40:12.5Z" level=info msg="response completed" http.response.status=200`.
///
/// A value stands bare when it is made of letters, digits and `-._/@^+` alone, and is quoted
/// otherwise, with line breaks, quotes and all that cannot be printed escaped: one record is one
/// line, whatever a client sent.
public enum TextLogFormatter {
    /// Appends the record and a line feed.
    public static func append(_ record: LogRecord, to output: inout [UInt8]) {
        output.append(contentsOf: "time=\"".utf8)
        record.time.appendRFC3339(to: &output)
        output.append(contentsOf: "\" level=".utf8)
        output.append(contentsOf: record.level.name.utf8)
        output.append(contentsOf: " msg=".utf8)
        append(record.message, to: &output)
        for field in record.fields {
            output.append(UInt8(ascii: " "))
            appendName(field.name, to: &output)
            output.append(UInt8(ascii: "="))
            append(field.value, to: &output)
        }
        output.append(UInt8(ascii: "\n"))
    }

    /// A field that has the name of a part of the record gets a prefix, as the reference does it.
    private static func appendName(_ name: String, to output: inout [UInt8]) {
        if RecordPart(rawValue: name) != nil { output.append(contentsOf: "fields.".utf8) }
        for byte in name.utf8 {
            output.append(isBare(byte) ? byte : UInt8(ascii: "_"))
        }
    }

    private static func append(_ value: LogValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text): append(text, to: &output)
        case .int(let number): DecimalText.append(number, to: &output)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .duration(let duration):
            // The unit µs is not ASCII, so it is quoted like any other text.
            var text: [UInt8] = []
            DurationText.append(duration, to: &text)
            append(String(decoding: text, as: UTF8.self), to: &output)
        }
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        guard !text.utf8.allSatisfy(isBare) else {
            output.append(contentsOf: text.utf8)
            return
        }
        QuotedText.append(text, to: &output)
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "^"),
            UInt8(ascii: "+"):
            true
        default: false
        }
    }
}

/// The names of a record's own parts, in both formats.
enum RecordPart: String {
    case time, level, message = "msg"
}

/// Writes a record as one flat JSON object on a line of its own, with the names the reference
/// registry uses: `{"time":"…","level":"info","msg":"…","http.response.status":200}`.
///
/// Durations are texts, as in the text form.
public enum JSONLogFormatter {
    /// Appends the record and a line feed.
    public static func append(_ record: LogRecord, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"time\":\"".utf8)
        record.time.appendRFC3339(to: &output)
        output.append(contentsOf: "\",\"level\":\"".utf8)
        output.append(contentsOf: record.level.name.utf8)
        output.append(contentsOf: "\",\"msg\":".utf8)
        JSONText.append(record.message, to: &output)
        append(record.fields, reserving: { RecordPart(rawValue: $0) != nil }, to: &output)
        output.append(contentsOf: "}\n".utf8)
    }

    /// Appends the fields of an object that has begun. One that has the name of a part of the
    /// record gets a prefix, as the reference does it.
    static func append(
        _ fields: [LogField], reserving isReserved: (String) -> Bool, to output: inout [UInt8]
    ) {
        for field in fields {
            output.append(UInt8(ascii: ","))
            let name = isReserved(field.name) ? "fields." + field.name : field.name
            JSONText.append(name, to: &output)
            output.append(UInt8(ascii: ":"))
            append(field.value, to: &output)
        }
    }

    private static func append(_ value: LogValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text): JSONText.append(text, to: &output)
        case .int(let number): DecimalText.append(number, to: &output)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .duration(let duration):
            output.append(UInt8(ascii: "\""))
            DurationText.append(duration, to: &output)
            output.append(UInt8(ascii: "\""))
        }
    }
}

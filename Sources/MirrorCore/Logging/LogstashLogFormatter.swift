/// Writes a record as one flat JSON object on a line of its own, in the form that Logstash reads
/// (version 1 of its events), with the names the reference registry uses:
/// `{"@timestamp":"…","@version":"1","level":"info","message":"…","type":"log",…}`.
///
/// Further fields are written as ``JSONLogFormatter`` does.
public enum LogstashLogFormatter {
    /// Appends the record and a line feed.
    public static func append(_ record: LogRecord, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"@timestamp\":\"".utf8)
        record.time.appendRFC3339(to: &output)
        output.append(contentsOf: "\",\"@version\":\"1\",\"level\":\"".utf8)
        output.append(contentsOf: record.level.name.utf8)
        output.append(contentsOf: "\",\"message\":".utf8)
        JSONText.append(record.message, to: &output)
        output.append(contentsOf: ",\"type\":\"log\"".utf8)
        JSONLogFormatter.append(record.fields, reserving: ownNames.contains, to: &output)
        output.append(contentsOf: "}\n".utf8)
    }

    private static let ownNames: Set = ["@timestamp", "@version", "level", "message", "type"]
}

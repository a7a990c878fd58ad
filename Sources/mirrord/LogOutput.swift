import MirrorCore
import MirrorSystem

/// Where log lines go: records to standard error, requests to standard output, as the
/// reference registry has it.
struct LogOutput: LogSink {
    private let formatter: Configuration.Log.Formatter
    private let errors = LineWriter(descriptor: 2)
    private let requests = LineWriter(descriptor: 1)

    init(_ formatter: Configuration.Log.Formatter) {
        self.formatter = formatter
    }

    func write(_ record: LogRecord) {
        var line: [UInt8] = []
        switch formatter {
        case .text: TextLogFormatter.append(record, to: &line)
        case .json: JSONLogFormatter.append(record, to: &line)
        case .logstash: LogstashLogFormatter.append(record, to: &line)
        }
        errors.write(line)
    }

    func writeRequest(_ line: [UInt8]) {
        requests.write(line)
    }

    /// Writes what waits before it returns.
    func flush() {
        errors.flush()
        requests.flush()
    }
}

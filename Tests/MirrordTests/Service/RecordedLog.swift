import MirrorCore
import Synchronization

/// Remembers what was logged.
final class RecordedLog: LogSink {
    private let records = Mutex<[LogRecord]>([])

    var messages: [String] { records.withLock { $0.map(\.message) } }

    func write(_ record: LogRecord) { records.withLock { $0.append(record) } }
}

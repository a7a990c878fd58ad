import MirrorCore
import Synchronization

/// Keeps every log record for a test to look at.
final class RecordingSink: LogSink {
    private let kept = Mutex<[LogRecord]>([])

    var records: [LogRecord] { kept.withLock { $0 } }

    /// The messages of one level, in their order.
    func messages(_ level: LogLevel) -> [String] {
        records.filter { $0.level == level }.map(\.message)
    }

    func write(_ record: LogRecord) {
        kept.withLock { $0.append(record) }
    }
}

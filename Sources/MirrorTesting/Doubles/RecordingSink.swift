public import MirrorCore
internal import Synchronization

/// Keeps every log record for a test to look at.
public final class RecordingSink: LogSink {
    private let kept = Mutex<[LogRecord]>([])

    /// An empty log.
    public init() {}

    /// Everything that was logged, in its order.
    public var records: [LogRecord] { kept.withLock { $0 } }

    /// The messages of one level, in their order.
    public func messages(_ level: LogLevel) -> [String] {
        records.filter { $0.level == level }.map(\.message)
    }

    /// Keeps a record.
    public func write(_ record: LogRecord) {
        kept.withLock { $0.append(record) }
    }
}

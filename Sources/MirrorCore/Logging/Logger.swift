internal import Synchronization

/// Sends what happens to a sink, if it matters enough.
///
/// A logger is a small value: pass it on, and bind fields with ``with(_:)`` for a part of the
/// work. Below the level the message is never built. Where even the field values are dear to
/// come by, ask ``isEnabled(_:)`` first.
public struct Logger: Sendable {
    /// The fields that every record carries.
    public let fields: [LogField]

    private let threshold: Threshold
    private let sink: (any LogSink)?
    private let now: @Sendable () -> WallTime

    /// The least level that is written by this logger and those that are made of it.
    private final class Threshold: Sendable {
        private let number: Atomic<Int>

        init(_ level: LogLevel) { number = Atomic(level.rawValue) }

        var level: LogLevel {
            get { LogLevel(rawValue: number.load(ordering: .relaxed)) ?? .info }
            set { number.store(newValue.rawValue, ordering: .relaxed) }
        }
    }

    /// A logger that writes to nothing.
    public static let disabled = Logger(
        sink: nil, threshold: Threshold(.error), fields: [], now: { .now })

    /// A logger that writes to a sink.
    ///
    /// - Parameters:
    ///   - sink: where records go.
    ///   - level: the least level that is written.
    ///   - fields: the fields that every record carries.
    ///   - now: the clock that stamps the records.
    public init(
        sink: any LogSink, level: LogLevel = .info, fields: [LogField] = [],
        now: @escaping @Sendable () -> WallTime = { .now }
    ) {
        self.init(sink: sink, threshold: Threshold(level), fields: [], now: now)
        if !fields.isEmpty { self = with(fields) }
    }

    private init(
        sink: (any LogSink)?, threshold: Threshold, fields: [LogField],
        now: @escaping @Sendable () -> WallTime
    ) {
        self.sink = sink
        self.threshold = threshold
        self.fields = fields
        self.now = now
    }

    /// The least level that is written.
    public var level: LogLevel { threshold.level }

    /// Changes the level, for every logger that ``with(_:)`` has made or will make of this one,
    /// and for the one that it was made of itself.
    public func changeLevel(to level: LogLevel) {
        threshold.level = level
    }

    /// Whether records of this level are written.
    public func isEnabled(_ level: LogLevel) -> Bool {
        sink != nil && level >= self.level
    }

    /// A logger whose records carry these fields too; a field replaces one of the same name.
    public func with(_ fields: LogField...) -> Logger { with(fields) }

    /// A logger whose records carry these fields too; a field replaces one of the same name.
    public func with(_ fields: [LogField]) -> Logger {
        Logger(sink: sink, threshold: threshold, fields: merged(with: fields), now: now)
    }

    /// Writes a record of level ``LogLevel/debug``.
    public func debug(_ message: @autoclosure () -> String, _ fields: LogField...) {
        log(.debug, message(), fields)
    }

    /// Writes a record of level ``LogLevel/info``.
    public func info(_ message: @autoclosure () -> String, _ fields: LogField...) {
        log(.info, message(), fields)
    }

    /// Writes a record of level ``LogLevel/warning``.
    public func warning(_ message: @autoclosure () -> String, _ fields: LogField...) {
        log(.warning, message(), fields)
    }

    /// Writes a record of level ``LogLevel/error``.
    public func error(_ message: @autoclosure () -> String, _ fields: LogField...) {
        log(.error, message(), fields)
    }

    /// Writes a record of a level that is known only at run time.
    public func log(
        _ level: LogLevel, _ message: @autoclosure () -> String, _ fields: [LogField] = []
    ) {
        guard let sink, level >= self.level else { return }
        sink.write(
            LogRecord(
                time: now(), level: level, message: message(), fields: merged(with: fields)))
    }

    private func merged(with added: [LogField]) -> [LogField] {
        guard !added.isEmpty else { return fields }
        var merged = fields
        for field in added {
            if let index = merged.firstIndex(where: { $0.name == field.name }) {
                merged[index] = field
            } else {
                merged.append(field)
            }
        }
        return merged
    }
}

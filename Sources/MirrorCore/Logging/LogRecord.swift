/// One thing that happened, as plain data.
public struct LogRecord: Hashable, Sendable {
    /// When it happened.
    public var time: WallTime
    /// How much it matters.
    public var level: LogLevel
    /// What happened, in words for a person.
    public var message: String
    /// What a program wants to know about it; no two have the same name.
    public var fields: [LogField]

    /// A record of these parts.
    public init(time: WallTime, level: LogLevel, message: String, fields: [LogField] = []) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }
}

/// Where log records go.
///
/// ### Rules for implementers
/// - `write` is called from any thread, event loops among them: it must not block.
/// - A record that cannot be written is dropped; logging never fails its caller.
public protocol LogSink: Sendable {
    /// Takes one record.
    func write(_ record: LogRecord)
}

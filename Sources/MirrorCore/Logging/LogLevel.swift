/// How much a log record matters.
public enum LogLevel: Int, Hashable, Comparable, CaseIterable, Sendable {
    /// What only somebody who looks for a fault wants to see.
    case debug
    /// What the program does, in the normal course of things.
    case info
    /// What somebody should look at some day: the work goes on.
    case warning
    /// What went wrong.
    case error

    /// The level with that name, as the reference registry's configuration spells it: `error`,
    /// `warn` or `warning`, `info`, `debug`, in any case.
    public init?(name: String) {
        switch name.lowercased() {
        case "debug": self = .debug
        case "info": self = .info
        case "warn", "warning": self = .warning
        case "error": self = .error
        default: return nil
        }
    }

    /// The name that log records carry.
    public var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    /// Whether the first level matters less than the second.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

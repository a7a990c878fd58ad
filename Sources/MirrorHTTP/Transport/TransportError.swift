/// Why bytes could not be moved over a connection.
public enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing moved for as long as was allowed.
    case timedOut
    /// The connection was ended from our side while somebody waited for it.
    case aborted
    /// The system or the peer broke the connection; says how.
    case broken(String)
    /// The file that was being sent cannot be read, or is shorter than it was; says how.
    case unreadable(String)
    /// No secure connection could be made; says why.
    case insecure(String)

    /// What happened, for a log line.
    public var description: String {
        switch self {
        case .timedOut: "timed out"
        case .aborted: "ended"
        case .broken(let reason), .unreadable(let reason), .insecure(let reason): reason
        }
    }
}

/// Why a request got no answer, or an answer's body did not come to its end.
public struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller can decide by.
    public enum Code: Hashable, Sendable {
        /// No connection could be made: no address, nobody there, a proxy that refuses.
        case unreachable
        /// No secure connection could be made.
        case insecure
        /// Something took longer than it may.
        case timedOut
        /// The connection failed, or ended too early.
        case broken
        /// What came is not HTTP, or exceeds a limit.
        case malformed
        /// A redirect leads where this client does not go.
        case redirect
        /// The task was cancelled, or the body was.
        case cancelled
    }

    /// What a caller can decide by.
    public let code: Code
    /// What happened, for the operator; holds no secret and no query of a URL.
    public let reason: String

    /// Says what went wrong.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}

extension ClientError {
    /// Translates what the transport says; `activity` is what was being done, such as
    /// `connecting to 127.0.0.1:5000`.
    init(_ error: TransportError, while activity: String) {
        switch error {
        case .timedOut: self.init(.timedOut, "timed out \(activity)")
        case .aborted: self.init(.cancelled, "cancelled \(activity)")
        case .broken(let reason), .unreadable(let reason):
            self.init(.broken, "\(activity): \(reason)")
        case .insecure(let reason): self.init(.insecure, "\(activity): \(reason)")
        }
    }

    init(_ error: BodyError, while activity: String) {
        switch error {
        case .transport(let error): self.init(error, while: activity)
        case .malformed(let error): self.init(.malformed, "\(activity): \(error)")
        case .cutShort: self.init(.broken, "\(activity): \(error)")
        }
    }
}

/// Why an upstream did not give what it was asked for.
public struct UpstreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller can decide by: a closed set.
    public enum Code: Hashable, Sendable, CaseIterable {
        /// Upstream says that it does not have it.
        case notFound
        /// Upstream does not allow it to these credentials.
        case denied
        /// Upstream wants fewer requests; see ``UpstreamError/retryAfter``.
        case rateLimited
        /// Upstream could not be reached, failed, or was silent for too long.
        case unavailable
        /// Upstream's answer makes no sense, or breaks a limit.
        case invalid
    }

    /// What a caller can decide by.
    public let code: Code
    /// What happened and where, for the operator; holds no secret.
    public let reason: String
    /// How long upstream asked to be left alone, where it said so.
    public let retryAfter: Duration?

    /// Says what went wrong.
    public init(_ code: Code, _ reason: String, retryAfter: Duration? = nil) {
        self.code = code
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// The reason.
    public var description: String { reason }
}

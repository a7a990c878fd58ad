/// Why a mirror cannot answer a request.
public struct MirrorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a caller can decide by: what upstream said, and `unavailable` as well where the mirror
    /// itself cannot answer now.
    public typealias Code = UpstreamError.Code

    /// What a caller can decide by.
    public let code: Code
    /// What happened, for the client and the operator; holds no secret.
    public let reason: String
    /// When asking again makes sense, where that is known.
    public let retryAfter: Duration?
    /// Whether it is the mirror's own storage that fails: what upstream has can be passed on.
    let isOfStorage: Bool
    /// Whether it speaks of one repository, not of the content in any.
    var isOfRepository: Bool { code == .notFound || code == .denied }

    /// Says what went wrong.
    public init(_ code: Code, _ reason: String, retryAfter: Duration? = nil) {
        self.init(code, reason, retryAfter: retryAfter, isOfStorage: false)
    }

    private init(_ code: Code, _ reason: String, retryAfter: Duration?, isOfStorage: Bool) {
        self.code = code
        self.reason = reason
        self.retryAfter = retryAfter
        self.isOfStorage = isOfStorage
    }

    /// Passes on what an upstream said.
    init(_ error: UpstreamError) {
        self.init(error.code, error.reason, retryAfter: error.retryAfter)
    }

    /// Passes on that the mirror's own storage fails.
    init(_ error: StorageError) {
        self.init(
            .unavailable, "the mirror's storage failed at \(error)", retryAfter: nil,
            isOfStorage: true)
    }

    /// The reason.
    public var description: String { reason }
}

extension UpstreamError {
    /// What upstream must have said for a mirror to say this.
    init(_ error: MirrorError) {
        self.init(error.code, error.reason, retryAfter: error.retryAfter)
    }
}

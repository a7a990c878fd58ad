public import MirrorCore

/// What became of a request for access.
public enum AccessDecision: Sendable {
    /// It is to be answered.
    case allowed(AccessGrant)
    /// It is answered with an error.
    case refused(AccessRefusal)
}

/// That a client may have what it asked for.
public struct AccessGrant: Hashable, Sendable {
    /// The client's name, where it has proved one; for the log.
    public var user: String?
    /// How it was decided, in a word for the log.
    public var basis: String?
    /// What the upstream is asked with on the client's behalf; nil for what the mirror has itself.
    public var credential: ClientCredential?

    /// A grant.
    public init(
        user: String? = nil, basis: String? = nil, credential: ClientCredential? = nil
    ) {
        self.user = user
        self.basis = basis
        self.credential = credential
    }
}

/// That a client may not have what it asked for, or that nobody can say whether it may.
public struct AccessRefusal: Hashable, Sendable {
    /// Why, as clients tell it by the status.
    public enum Kind: Hashable, Sendable {
        /// 401: with other credentials it may. The values of `WWW-Authenticate` say which; there
        /// is one at least.
        case unauthorized(challenges: [String])
        /// 403: it may not.
        case denied
        /// 404: there is nothing that it may see.
        case notFound
        /// 503: it cannot be found out now.
        case unavailable
    }

    /// Why, as clients tell it by the status.
    public var kind: Kind
    /// More of why, for the client and the log; empty for nothing.
    public var reason: String
    /// When asking again makes sense, where that is known.
    public var retryAfter: Duration?

    /// A refusal.
    public init(_ kind: Kind, _ reason: String = "", retryAfter: Duration? = nil) {
        self.kind = kind
        self.reason = reason
        self.retryAfter = retryAfter
    }
}

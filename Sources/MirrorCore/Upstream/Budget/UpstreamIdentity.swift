/// As whom an upstream is asked: what it counts requests by.
public enum UpstreamIdentity: Hashable, Sendable {
    /// As nobody: counted by the address that requests come from.
    case anonymous
    /// As the account of this name.
    case account(String)
    /// As a client of the mirror, by something that tells it from others.
    case client(String)
}

/// Told by a fetcher what its upstream says of the requests that it allows.
public protocol RateLimitObserver: Sendable {
    /// The upstream has answered a request made as `identity`; with the answer came `limit`, if
    /// it stated any. Not called for an answer that only asks who is there.
    func didAnswer(as identity: UpstreamIdentity, stating limit: RateLimit?)
}

import MirrorHTTP

extension Configuration {
    /// Whom the mirror lets in.
    enum Auth: Hashable, Sendable {
        /// Whoever sends an `Authorization`, whatever stands there.
        case silly(realm: String, service: String)
        /// The users of a file.
        case passwords(realm: String, path: String)
        /// Whoever shows a token.
        case tokens(TokenSettings)
    }
}

extension Configuration {
    /// Whether somebody whom nobody knows may pull what one of the mirror's accounts may.
    var lendsItsAccounts: Bool {
        guard auth == nil, http.tls?.clientCertificate != .verified else { return false }
        return ([proxy] + upstreams).contains { $0.credentials != nil && $0.clientTokens == nil }
    }
}

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

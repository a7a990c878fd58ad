/// Whose certificates a client believes.
public struct TLSTrust: Hashable, Sendable {
    /// Files of certificates in PEM form that are believed besides the system's.
    public var rootFiles: [String]
    /// Whether any certificate will do, so that nobody knows who answers. Whoever is on the way
    /// can read what is sent, passwords too, and send something else.
    public var isBlind: Bool

    /// The system's roots, and those in `rootFiles`. libssl looks for the system's where the
    /// environment variables `SSL_CERT_FILE` and `SSL_CERT_DIR` say.
    public init(rootFiles: [String] = [], isBlind: Bool = false) {
        self.rootFiles = rootFiles
        self.isBlind = isBlind
    }
}

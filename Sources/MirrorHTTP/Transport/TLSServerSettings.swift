/// How a server speaks TLS.
public struct TLSServerSettings: Hashable, Sendable {
    /// What a client is asked for to show who it is.
    public enum ClientCertificate: String, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// A certificate, which it need not have, and which nobody checks.
        case requested = "request-client-cert"
        /// Any certificate, which nobody checks.
        case required = "require-any-client-cert"
        /// A certificate, which it need not have. One that it has must be of an authority in
        /// ``TLSServerSettings/clientRootFiles``.
        case verifiedIfGiven = "verify-client-cert-if-given"
        /// A certificate of an authority in ``TLSServerSettings/clientRootFiles``.
        case verified = "require-and-verify-client-cert"

        /// Whether what a client shows can be believed.
        public var isVerified: Bool { self == .verified || self == .verifiedIfGiven }
    }

    /// A version of the protocol.
    public enum Version: Hashable, Sendable {
        /// RFC 5246.
        case tls12
        /// RFC 8446.
        case tls13
    }

    /// The server's certificate and its key.
    public var identity: TLSIdentity
    /// Files of certificates in PEM form: the authorities whose clients are believed. The
    /// system's are not.
    public var clientRootFiles: [String] = []
    /// What clients are asked for.
    public var clientCertificate = ClientCertificate.none
    /// The oldest version that is spoken.
    public var minimumVersion = Version.tls12
    /// The suites that are agreed to, the preferred ones first. Those of TLS 1.2 and those of TLS
    /// 1.3 are apart: where there are only some of TLS 1.2, all of TLS 1.3 will do, and where
    /// there are only some of TLS 1.3, no older version is spoken. Empty is
    /// ``TLSCipherSuite/recommended``.
    public var cipherSuites: [TLSCipherSuite] = []

    /// All that is read.
    var files: [String] { [identity.certificateFile, identity.keyFile] + clientRootFiles }

    /// A server that shows `identity`, and asks clients for nothing.
    public init(identity: TLSIdentity) {
        self.identity = identity
    }
}

/// A certificate by which one side of a connection shows the other who it is.
public struct TLSIdentity: Hashable, Sendable {
    /// A file in PEM form: the certificate, then those that lead to its root.
    public var certificateFile: String
    /// A file in PEM form with its private key, without a passphrase.
    public var keyFile: String

    /// Names the files. A client reads them when it first connects, a server when it starts.
    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

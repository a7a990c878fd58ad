internal import COpenSSL
internal import Synchronization

/// What the connections of one side have in common: protocol versions, trust, sessions to resume.
// Safe: an SSL_CTX may be used by many threads once it is set up, and it is set up in `init`.
@safe final class TLSContext: @unchecked Sendable {
    /// Where systems keep their roots in one file, for a libssl that was built for another
    /// system's place.
    private static let commonRootFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]
    /// Servers whose sessions are remembered.
    private static let sessionLimit = 256

    let pointer: OpaquePointer
    /// Whether a certificate that a client has shown says who it is.
    let verifiesClients: Bool
    private let sessions = Mutex<[String: TLSResumption]>([:])

    /// A context for the client side. Reads files: call it where blocking is allowed.
    init(
        client trust: TLSTrust, identity: TLSIdentity? = nil
    ) throws(TransportError) {
        guard let pointer = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
        unsafe self.pointer = pointer
        verifiesClients = false
        guard unsafe mirrord_SSL_CTX_configure(pointer) == 1 else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
        // Safe: the callback is left to libssl, whose own check is what is wanted.
        unsafe SSL_CTX_set_verify(
            pointer, trust.isBlind ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        unsafe SSL_CTX_set_default_verify_paths(pointer)
        for file in Self.commonRootFiles where unsafe SSL_CTX_load_verify_file(pointer, file) == 1 {
            break
        }
        for file in trust.rootFiles where unsafe SSL_CTX_load_verify_file(pointer, file) != 1 {
            throw .insecure(
                "cannot read certificates from \(file): \(TLSFailure.libraryReason())")
        }
        if let identity { try use(identity) }
        ERR_clear_error()
    }

    /// Reads the certificate and its key, which must belong together.
    func use(_ identity: TLSIdentity) throws(TransportError) {
        let certificate = identity.certificateFile
        ERR_clear_error()
        guard unsafe SSL_CTX_use_certificate_chain_file(pointer, certificate) == 1 else {
            throw .insecure(
                "cannot read a certificate from \(certificate): \(TLSFailure.libraryReason())")
        }
        guard
            unsafe SSL_CTX_use_PrivateKey_file(pointer, identity.keyFile, SSL_FILETYPE_PEM) == 1
        else {
            throw .insecure(
                "cannot use \(identity.keyFile) as the key of \(certificate): "
                    + TLSFailure.libraryReason())
        }
    }

    /// Takes over a context that is set up already, such as a server's with its certificate.
    init(
        owning pointer: OpaquePointer, verifiesClients: Bool = false
    ) throws(TransportError) {
        unsafe self.pointer = pointer
        self.verifiesClients = verifiesClients
        guard unsafe mirrord_SSL_CTX_configure(pointer) == 1 else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
    }

    deinit {
        // Safe: the context is this object's; sessions made of it hold counts of their own.
        unsafe SSL_CTX_free(pointer)
    }

    /// The session to resume with a server, if there was one.
    func session(of server: String) -> TLSResumption? {
        sessions.withLock { $0[server] }
    }

    /// Remembers a session for the next connection to the same server.
    func remember(_ session: TLSResumption, of server: String) {
        sessions.withLock { sessions in
            if sessions.count >= Self.sessionLimit { sessions = [:] }
            sessions[server] = session
        }
    }
}

/// What lets a later connection skip most of the handshake.
// Safe: an SSL_SESSION is counted and, once made, not changed.
@safe final class TLSResumption: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over one count of the session.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        // Safe: the count was handed over to this object.
        unsafe SSL_SESSION_free(pointer)
    }
}

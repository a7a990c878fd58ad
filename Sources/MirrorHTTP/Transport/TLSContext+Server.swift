internal import COpenSSL

extension TLSContext {
    /// A context for the server side. Reads files: call it where blocking is allowed.
    convenience init(server settings: TLSServerSettings) throws(TransportError) {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
        // Safe here and below: the context is this object's from now on, and nobody else has it.
        try unsafe self.init(
            owning: pointer, verifiesClients: settings.clientCertificate.isVerified)
        unsafe mirrord_SSL_CTX_serve(pointer)
        try use(settings.identity)
        try ask(clientsFor: settings)
        try speak(as: settings)
        ERR_clear_error()
    }

    private func ask(clientsFor settings: TLSServerSettings) throws(TransportError) {
        for file in settings.clientRootFiles {
            // The names of the authorities tell a client which of its certificates to show.
            guard unsafe SSL_CTX_load_verify_file(pointer, file) == 1,
                unsafe mirrord_SSL_CTX_name_authorities(pointer, file) == 1
            else {
                throw .insecure(
                    "cannot read certificates from \(file): \(TLSFailure.libraryReason())")
            }
        }
        switch settings.clientCertificate {
        case .none: break
        case .requested: unsafe mirrord_SSL_CTX_ask_client(pointer, 0, 0)
        case .required: unsafe mirrord_SSL_CTX_ask_client(pointer, 1, 0)
        case .verifiedIfGiven: unsafe mirrord_SSL_CTX_ask_client(pointer, 0, 1)
        case .verified: unsafe mirrord_SSL_CTX_ask_client(pointer, 1, 1)
        }
    }

    private func speak(as settings: TLSServerSettings) throws(TransportError) {
        let named = settings.cipherSuites
        let suites = named.isEmpty ? TLSCipherSuite.recommended : named
        let new = suites.filter(\.isOfTLS13).map(\.name)
        // The library has names of its own for what is older than TLS 1.3.
        let old = suites.filter { !$0.isOfTLS13 }.compactMap { suite in
            unsafe OPENSSL_cipher_name(suite.name).map { unsafe String(cString: $0) }
        }
        let needsTLS13 = settings.minimumVersion == .tls13 || old.isEmpty
        guard
            unsafe old.isEmpty
                || SSL_CTX_set_cipher_list(pointer, old.joined(separator: ":")) == 1,
            unsafe new.isEmpty
                || SSL_CTX_set_ciphersuites(pointer, new.joined(separator: ":")) == 1,
            unsafe mirrord_SSL_CTX_set_min_proto_version(
                pointer, needsTLS13 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1
        else {
            throw .insecure("cannot use these cipher suites: \(TLSFailure.libraryReason())")
        }
    }
}

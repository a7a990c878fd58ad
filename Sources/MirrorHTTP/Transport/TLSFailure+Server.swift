internal import COpenSSL

/// What goes wrong with the clients of a server.
extension TLSFailure {
    /// Whether the error that waits in the queue is that of plain HTTP where TLS was due.
    static var isPlainHTTP: Bool {
        [SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST].contains(
            mirrord_ERR_reason(ERR_peek_error()))
    }

    /// Why the handshake of a client with this server failed.
    static func accepting(_ session: OpaquePointer) -> TransportError {
        let code = ERR_peek_error()
        // Safe: the session is alive as long as its owner, who asks.
        let verdict = unsafe SSL_get_verify_result(session)
        let reason = libraryReason()
        if verdict != X509_V_OK {
            let fault = unsafe X509_verify_cert_error_string(verdict)
            return .insecure(
                "the client's certificate is not accepted: "
                    + (unsafe fault.map { unsafe String(cString: $0) } ?? reason))
        }
        switch mirrord_ERR_reason(code) {
        case 0, SSL_R_UNEXPECTED_EOF_WHILE_READING: return .broken("the client left")
        case let number: return .insecure(explanation(number) ?? reason)
        }
    }

    /// What a client and this server do not agree on, in words that tell what to do.
    private static func explanation(_ reason: Int32) -> String? {
        switch reason {
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
            SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
            SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
            "the client does not accept this server's certificate: does it know the authority, "
                + "and does the certificate name the host that it asked for?"
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            "the client has shown no certificate, and needs one"
        case SSL_R_NO_APPLICATION_PROTOCOL:
            "the client speaks other protocols than http/1.1 only"
        case SSL_R_UNSUPPORTED_PROTOCOL:
            "the client speaks older versions of TLS than are allowed"
        case SSL_R_NO_SHARED_CIPHER:
            "the client has no cipher suite in common with this server"
        case SSL_R_WRONG_VERSION_NUMBER: "the client does not speak TLS"
        default: nil
        }
    }
}

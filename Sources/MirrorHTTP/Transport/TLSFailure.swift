internal import COpenSSL
internal import MirrorSystem

/// Says in an operator's words why TLS did not work out.
enum TLSFailure {
    /// Why a handshake with `host` failed; names the certificate's fault where it has one.
    static func handshake(_ session: OpaquePointer, _ host: String) -> TransportError {
        // Safe: the session is alive as long as its owner, who asks.
        let verdict = unsafe SSL_get_verify_result(session)
        let reason = libraryReason()
        guard verdict != X509_V_OK else { return .insecure("no TLS with \(host): \(reason)") }
        let fault = unsafe X509_verify_cert_error_string(verdict).map { unsafe String(cString: $0) }
        return .insecure(
            "the certificate of \(host) is not accepted: "
                + "\(fault ?? reason)\(advice(Int32(verdict)))"
        )
    }

    /// Why bytes could not be moved.
    static func transfer() -> TransportError {
        .broken("TLS: \(libraryReason())")
    }

    /// What libssl's queue of errors says first; empties the queue.
    static func libraryReason() -> String {
        defer { ERR_clear_error() }
        let code = ERR_get_error()
        guard code != 0 else { return "the connection ended" }
        if mirrord_ERR_is_system(code) != 0 {
            return SystemError.text(of: mirrord_ERR_reason(code))
        }
        // Safe: the reason is a constant text of the library.
        guard let text = unsafe ERR_reason_error_string(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    private static func advice(_ verdict: Int32) -> String {
        switch verdict {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            "; it is for other names: check the host in the configuration"
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            "; if it should be valid, check this machine's clock"
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            "; if it is to be trusted, install its authority's certificate on this machine"
                + " (package ca-certificates) or name it in SSL_CERT_FILE"
        default: ""
        }
    }
}

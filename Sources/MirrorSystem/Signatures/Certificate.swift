internal import COpenSSL

/// An X.509 certificate.
// Safe: an X509 may be read by many threads, and this one is never changed.
@safe package final class Certificate: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Reads one in its binary form (RFC 5280 section 4.1); nil for what is none.
    package init?(encoded: [UInt8]) {
        defer { ERR_clear_error() }
        // Safe: libcrypto reads no more than `count` bytes, and keeps none.
        let pointer = unsafe encoded.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return unsafe d2i_X509(nil, &start, bytes.count)
        }
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
    }

    private init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        // Safe: the certificate is this object's.
        unsafe X509_free(pointer)
    }

    /// The key that it is about; nil where that is of no kind that is known, or too short.
    package var key: PublicKey? {
        // Safe: what libcrypto returns is a count of its own, which the key takes over.
        unsafe X509_get_pubkey(pointer).flatMap { unsafe PublicKey(owning: $0) }
    }

    /// All certificates of a file in PEM form (RFC 7468); what else it holds is skipped. Nil where
    /// one of them is damaged.
    package static func list(pem: [UInt8]) -> [Certificate]? {
        defer { ERR_clear_error() }
        ERR_clear_error()
        // Safe: the BIO reads the array in place, and is given back before that ends.
        return unsafe pem.withUnsafeBytes { bytes -> [Certificate]? in
            guard
                let file = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            else { return nil }
            defer { unsafe BIO_free(file) }
            var found: [Certificate] = []
            while let next = unsafe PEM_read_bio_X509(file, nil, nil, nil) {
                found.append(unsafe Certificate(owning: next))
            }
            let hasEnded = mirrord_error_reason(ERR_peek_last_error()) == PEM_R_NO_START_LINE
            return hasEnded ? found : nil
        }
    }
}

/// Certificates that are believed, and by them those that they signed.
// Safe: an X509_STORE locks itself; nothing is added once it is set up in `init`.
@safe package final class CertificateRoots: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Believes these, authorities or not.
    package init(_ roots: [Certificate]) {
        guard let store = unsafe X509_STORE_new() else {
            preconditionFailure("libcrypto cannot make a store: out of memory")
        }
        unsafe pointer = store
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // Safe: the store counts each for itself.
        for root in roots { unsafe X509_STORE_add_cert(store, root.pointer) }
        ERR_clear_error()
    }

    deinit {
        // Safe: the store is this object's.
        unsafe X509_STORE_free(pointer)
    }

    /// Whether the first of a chain of certificates is believed now, by way of the others, which
    /// by themselves are not. What it may be used for is not asked.
    package func vouch(for chain: [Certificate]) -> Bool {
        defer { ERR_clear_error() }
        // Safe: context and stack are given back at the end; the certificates live as long as
        // `chain`, and the stack does not own them.
        guard let leaf = chain.first, let context = unsafe X509_STORE_CTX_new() else {
            return false
        }
        defer { unsafe X509_STORE_CTX_free(context) }
        let others = unsafe OPENSSL_sk_new_null()
        defer { unsafe OPENSSL_sk_free(others) }
        for certificate in chain.dropFirst() {
            unsafe OPENSSL_sk_push(others, UnsafeRawPointer(certificate.pointer))
        }
        guard unsafe X509_STORE_CTX_init(context, pointer, leaf.pointer, others) == 1 else {
            return false
        }
        return withExtendedLifetime(chain) { unsafe X509_verify_cert(context) == 1 }
    }
}

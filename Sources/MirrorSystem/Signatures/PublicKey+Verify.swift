internal import COpenSSL

extension PublicKey {
    /// Whether `signature` was made of `message` by such an algorithm with this key's other half.
    /// Never with a key of another kind than the algorithm's.
    package func verifies(
        _ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm
    ) -> Bool {
        switch (algorithm.form, parts) {
        case (.pkcs1(let hash), .rsa):
            unsafe verifies(signature, message, hash.method, padding: RSA_PKCS1_PADDING)
        case (.pss(let hash), .rsa):
            unsafe verifies(signature, message, hash.method, padding: RSA_PKCS1_PSS_PADDING)
        case (.ecdsa(let hash, let curve), .elliptic(let own, _, _)):
            if curve == own, let signature = curve.encodedSignature(signature) {
                unsafe verifies(signature, message, hash.method, padding: nil)
            } else {
                false
            }
        case (.edDSA, .ed25519): unsafe verifies(signature, message, nil, padding: nil)
        default: false
        }
    }

    private func verifies(
        _ signature: [UInt8], _ message: [UInt8], _ hash: OpaquePointer?, padding: Int32?
    ) -> Bool {
        defer { ERR_clear_error() }
        // Safe: the context is given back at the end, and libcrypto reads the arrays as long as
        // they say.
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        var settings: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &settings, hash, nil, pointer) == 1 else {
            return false
        }
        if let padding {
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(settings, padding) == 1 else { return false }
        }
        if padding == RSA_PKCS1_PSS_PADDING {
            // As long as the hash (RFC 7518 section 3.5).
            let length = RSA_PSS_SALTLEN_DIGEST
            guard unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, length) == 1 else {
                return false
            }
        }
        return unsafe EVP_DigestVerify(
            context, signature, signature.count, message, message.count) == 1
    }
}

extension SignatureAlgorithm.Hash {
    fileprivate var method: OpaquePointer? {
        switch self {
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }
}

extension EllipticCurve {
    /// A signature of two numbers one behind the other (RFC 7518 section 3.4), as libcrypto wants
    /// it; nil for one of another length.
    fileprivate func encodedSignature(_ signature: [UInt8]) -> [UInt8]? {
        guard signature.count == 2 * byteCount else { return nil }
        return DER.sequence(
            DER.integer(signature[..<byteCount]), DER.integer(signature[byteCount...]))
    }
}

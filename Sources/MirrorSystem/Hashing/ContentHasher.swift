internal import COpenSSL

/// Hashes bytes as they pass, with libcrypto.
@safe package struct ContentHasher: ~Copyable {
    /// The hashes that content may be named by.
    package enum Algorithm: Sendable {
        case sha256, sha512
    }

    private let context: OpaquePointer

    /// Starts a hash.
    package init(_ algorithm: Algorithm) {
        let method = algorithm == .sha256 ? unsafe EVP_sha256() : unsafe EVP_sha512()
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex(context, method, nil) == 1
        else { preconditionFailure("libcrypto cannot hash: out of memory") }
        unsafe self.context = context
    }

    /// Adds bytes at the end.
    package borrowing func update(_ bytes: borrowing [UInt8]) {
        // Safe: libcrypto reads exactly `count` bytes of the array, which outlives the call.
        unsafe bytes.withUnsafeBytes { buffer in
            _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
        }
    }

    /// Ends the hash and gives its bytes: 32 or 64 of them.
    package consuming func finish() -> [UInt8] {
        // Safe: EVP_MAX_MD_SIZE bytes are room for every hash; `count` says how many it wrote.
        unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
            count = Int(length)
        }
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }
}

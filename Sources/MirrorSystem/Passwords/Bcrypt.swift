internal import CCrypt
internal import COpenSSL

/// Compares passwords with bcrypt hashes, with libcrypt.
package enum Bcrypt {
    /// Longer passwords match nothing, in bytes; bcrypt itself looks at 72.
    private static let passwordByteLimit = 511
    /// Characters of a hash.
    private static let hashLength = 60

    /// Whether `hash`, in the form `$2b$10$…`, is that of the password. It takes as long as the
    /// hash's cost says, tens of milliseconds and more: call it where blocking is allowed.
    package static func matches(_ password: [UInt8], _ hash: String) -> Bool {
        // A zero would end the password for libcrypt.
        guard password.count <= passwordByteLimit, !password.contains(0),
            hash.utf8.count == hashLength
        else { return false }
        var found = [UInt8](repeating: 0, count: hashLength + 1)
        let password = password + [0]
        // Safe: both texts end with a zero, and the output's size is passed along.
        let status = unsafe password.withUnsafeBytes { password in
            unsafe found.withUnsafeMutableBytes { output in
                unsafe mirrord_crypt(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self), hash,
                    output.baseAddress?.assumingMemoryBound(to: CChar.self), output.count)
            }
        }
        return status == 0 && isSameSecret(found.dropLast(), Array(hash.utf8)[...])
    }
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
package func isSameSecret(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    // Safe: libcrypto reads exactly `count` bytes of both, which outlive the call.
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
        }
    }
}

internal import COpenSSL

/// Tells secrets apart without keeping them: HMAC-SHA-256 with a random key that never leaves the
/// process (RFC 2104).
package struct KeyedHash: Sendable {
    /// Bytes of a hash, and of the key.
    private static let byteCount = 32

    private let key: [UInt8]

    /// Draws a key.
    package init() {
        var key = [UInt8](repeating: 0, count: Self.byteCount)
        // Safe: libcrypto fills exactly the bytes of the array.
        let status = unsafe key.withUnsafeMutableBytes {
            unsafe RAND_bytes($0.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32($0.count))
        }
        precondition(status == 1, "libcrypto has no random numbers")
        self.key = key
    }

    /// The hash of some parts; where one ends and the next begins counts.
    package func callAsFunction(_ parts: String...) -> [UInt8] {
        var message: [UInt8] = []
        for part in parts {
            var count = UInt64(part.utf8.count)
            for _ in 0..<8 {
                message.append(UInt8(truncatingIfNeeded: count))
                count >>= 8
            }
            message += part.utf8
        }
        // Safe: libcrypto reads the two arrays as long as they say, and writes 32 bytes.
        return unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { output, count in
            let hash = unsafe HMAC(
                EVP_sha256(), key, Int32(key.count), message, message.count, output.baseAddress,
                nil)
            precondition(unsafe hash != nil, "libcrypto cannot hash: out of memory")
            count = Self.byteCount
        }
    }
}

internal import COpenSSL

/// A key that signatures are checked with.
// Safe: an EVP_PKEY may be read by many threads, and this one is never changed.
@safe package final class PublicKey: @unchecked Sendable {
    /// What a key is made of, as a JSON Web Key has it (RFC 7518 section 6, RFC 8037 section 2).
    package enum Parts: Hashable, Sendable {
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// Coordinates of as many bytes as the curve says.
        case elliptic(EllipticCurve, x: [UInt8], y: [UInt8])
        case ed25519([UInt8])
    }

    /// Keys of RSA with fewer bits are not taken (RFC 7518 section 3.3).
    private static let leastModulusBits = 2048

    let pointer: OpaquePointer
    /// What it is made of.
    package let parts: Parts
    /// The key in the form that certificates hold it in: SubjectPublicKeyInfo (RFC 5280 section
    /// 4.1.2.7).
    package let encoded: [UInt8]

    /// The key of such parts; nil for what is no key, or too short a one.
    package convenience init?(_ parts: Parts) {
        self.init(encoded: parts.encoded)
    }

    /// Reads a SubjectPublicKeyInfo; nil where it holds no key of a kind that is known.
    package convenience init?(encoded: [UInt8]) {
        defer { ERR_clear_error() }
        // Safe: libcrypto reads no more than `count` bytes, and keeps none.
        let pointer = unsafe encoded.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, bytes.count)
        }
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.init(owning: pointer)
    }

    /// Takes over one count of the key.
    init?(owning pointer: OpaquePointer) {
        guard let parts = unsafe Self.parts(of: pointer) else {
            unsafe EVP_PKEY_free(pointer)
            return nil
        }
        unsafe self.pointer = pointer
        self.parts = parts
        encoded = parts.encoded
    }

    deinit {
        // Safe: the count was handed over to this object.
        unsafe EVP_PKEY_free(pointer)
    }

    private static func parts(of key: OpaquePointer) -> Parts? {
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA:
            guard unsafe EVP_PKEY_get_bits(key) >= leastModulusBits,
                let modulus = unsafe number("n", of: key),
                let exponent = unsafe number("e", of: key)
            else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case EVP_PKEY_EC:
            let group = unsafe group(of: key)
            guard let curve = EllipticCurve.allCases.first(where: { $0.groupName == group }),
                let x = unsafe number("qx", of: key), let y = unsafe number("qy", of: key)
            else { return nil }
            return .elliptic(curve, x: curve.padded(x), y: curve.padded(y))
        case EVP_PKEY_ED25519:
            return unsafe rawBytes(of: key).map { .ed25519($0) }
        default: return nil
        }
    }

    /// The bytes of a number, from the highest on.
    private static func number(_ name: String, of key: OpaquePointer) -> [UInt8]? {
        var number: OpaquePointer?
        // Safe: libcrypto makes a number of its own, which is given back below.
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1 else { return nil }
        defer { unsafe BN_free(number) }
        let count = (Int(unsafe BN_num_bits(number)) + 7) / 8
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, written in
            written = Int(unsafe BN_bn2bin(number, output.baseAddress))
        }
    }

    private static func group(of key: OpaquePointer) -> String? {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        // Safe: the room is passed along, and `count` says how much of it was used.
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else {
            return nil
        }
        return String(decoding: name[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func rawBytes(of key: OpaquePointer) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        // Safe: `count` says how much room there is.
        guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == bytes.count
        else { return nil }
        return bytes
    }
}

extension PublicKey: Hashable {
    /// Whether both are the same key.
    package static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.encoded == right.encoded
    }

    /// Hashes the key.
    package func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}

extension PublicKey.Parts {
    /// As SubjectPublicKeyInfo (RFC 3279 section 2.3.1, RFC 5480 section 2, RFC 8410 section 4).
    fileprivate var encoded: [UInt8] {
        switch self {
        case .rsa(let modulus, let exponent):
            let algorithm = DER.sequence(
                DER.identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]), DER.null)
            let key = DER.sequence(DER.integer(modulus), DER.integer(exponent))
            return DER.sequence(algorithm, DER.bitString(key))
        case .elliptic(let curve, let x, let y):
            let algorithm = DER.sequence(
                DER.identifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]),
                DER.identifier(curve.identifier))
            return DER.sequence(algorithm, DER.bitString([0x04] + x + y))
        case .ed25519(let bytes):
            let algorithm = DER.sequence(DER.identifier([0x2B, 0x65, 0x70]))
            return DER.sequence(algorithm, DER.bitString(bytes))
        }
    }
}

extension EllipticCurve {
    fileprivate func padded(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 0, count: max(0, byteCount - bytes.count)) + bytes
    }
}

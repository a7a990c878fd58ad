/// How a signature is made with a private key, by its name in JSON Web Signatures (RFC 7518
/// section 3.1, RFC 8037 section 3.1). Those with a shared secret, and `none`, are left out.
package enum SignatureAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case edDSA = "EdDSA"

    /// What is hashed with.
    enum Hash {
        case sha256, sha384, sha512
    }

    /// How it is made.
    enum Form {
        case pkcs1(Hash)
        case pss(Hash)
        case ecdsa(Hash, EllipticCurve)
        case edDSA
    }

    /// Hash and form: each names a kind of key, and no other will do.
    var form: Form {
        switch self {
        case .rs256: .pkcs1(.sha256)
        case .rs384: .pkcs1(.sha384)
        case .rs512: .pkcs1(.sha512)
        case .ps256: .pss(.sha256)
        case .ps384: .pss(.sha384)
        case .ps512: .pss(.sha512)
        case .es256: .ecdsa(.sha256, .p256)
        case .es384: .ecdsa(.sha384, .p384)
        case .es512: .ecdsa(.sha512, .p521)
        case .edDSA: .edDSA
        }
    }
}

/// A curve that keys lie on, by its name in JSON Web Keys (RFC 7518 section 6.2.1.1).
package enum EllipticCurve: String, CaseIterable, Sendable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"

    /// Bytes of a coordinate, and of each half of a signature.
    package var byteCount: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// What libcrypto calls it.
    var groupName: String {
        switch self {
        case .p256: "prime256v1"
        case .p384: "secp384r1"
        case .p521: "secp521r1"
        }
    }

    /// What ASN.1 calls it (RFC 5480 section 2.1.1.1).
    var identifier: [UInt8] {
        switch self {
        case .p256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }
}

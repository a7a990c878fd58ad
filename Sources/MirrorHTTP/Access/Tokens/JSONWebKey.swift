internal import MirrorSystem

/// A key as JSON (RFC 7517, RFC 7518 section 6, RFC 8037 section 2). Only what is public of it is
/// read.
struct JSONWebKey: Decodable, Sendable {
    let kty: String
    let kid: String?
    /// What it is for: `sig`, or something else.
    let use: String?
    /// The one algorithm that it is for.
    let alg: String?
    let crv: String?
    let n: String?
    let e: String?
    let x: String?
    let y: String?
    /// Certificates, the first of which has the key, in Base64.
    let x5c: [String]?

    /// The key, to check signatures with; nil for keys of other kinds, and for what is none.
    var key: PublicKey? {
        if let use, use != "sig" { return nil }
        return parts.flatMap { PublicKey($0) }
    }

    private var parts: PublicKey.Parts? {
        switch kty {
        case "RSA":
            guard let n = bytes(n), let e = bytes(e) else { return nil }
            return .rsa(modulus: n, exponent: e)
        case "EC":
            guard let curve = crv.flatMap(EllipticCurve.init), let x = bytes(x), let y = bytes(y),
                x.count == curve.byteCount, y.count == curve.byteCount
            else { return nil }
            return .elliptic(curve, x: x, y: y)
        case "OKP":
            guard crv == "Ed25519", let x = bytes(x), x.count == 32 else { return nil }
            return .ed25519(x)
        default: return nil
        }
    }

    private func bytes(_ text: String?) -> [UInt8]? { text.flatMap { base64Decoded($0) } }
}

/// Several (RFC 7517 section 5).
struct JSONWebKeySet: Decodable, Sendable {
    let keys: [JSONWebKey]
}

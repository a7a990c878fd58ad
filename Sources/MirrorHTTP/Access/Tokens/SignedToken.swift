internal import FoundationEssentials

/// A JSON Web Token in its compact form (RFC 7519, RFC 7515 section 7.1), read and not proved.
struct SignedToken: Sendable {
    let header: TokenHeader
    let claims: TokenClaims
    /// What the signature is of: header and claims as they were sent.
    let signedBytes: [UInt8]
    let signature: [UInt8]

    /// Nil for what is no such token.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.allSatisfy(Self.isTokenByte),
            let header: TokenHeader = Self.decoded(parts[0]),
            let claims: TokenClaims = Self.decoded(parts[1]),
            let signature = base64Decoded(parts[2])
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signedBytes = Array(text[..<parts[1].endIndex].utf8)
    }

    private static func decoded<Part: Decodable>(_ text: Substring) -> Part? {
        guard let json = base64Decoded(text), json.first == UInt8(ascii: "{") else { return nil }
        return try? JSONDecoder().decode(Part.self, from: Data(json))
    }

    /// The alphabet for URLs, without padding (RFC 7515 section 2), and the points between.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// By what a token says that it was signed (RFC 7515 section 4.1).
struct TokenHeader: Decodable, Sendable {
    /// How.
    let alg: String
    /// The key's name.
    let kid: String?
    /// The key.
    let jwk: JSONWebKey?
    /// Certificates, the first of which has the key, in Base64.
    let x5c: [String]?
    /// What has to be understood for the token to mean anything.
    let crit: [String]?
}

import COpenSSL
import FoundationEssentials
import MirrorSystem

@testable import MirrorHTTP

/// A private key that signs tokens as a token service does.
// Safe: the key is never changed once it is made.
@safe final class TestSigner: @unchecked Sendable {
    struct Failure: Error {}

    /// What a key is to be like.
    private enum Kind {
        case rsa(bits: Int32)
        case curve(String)
        case ed25519

        var name: String {
            switch self {
            case .rsa: "RSA"
            case .curve: "EC"
            case .ed25519: "ED25519"
            }
        }
    }

    /// Keys of each kind, made once.
    static let rsa = Result { try TestSigner(.rsa(bits: 2048)) }
    static let shortRSA = Result { try TestSigner(.rsa(bits: 1024)) }
    static let p256 = Result { try TestSigner(.curve("P-256")) }
    static let p384 = Result { try TestSigner(.curve("P-384")) }
    static let p521 = Result { try TestSigner(.curve("P-521")) }
    static let ed25519 = Result { try TestSigner(.ed25519) }

    /// The key that fits an algorithm, and another of its kind of key.
    static func key(for algorithm: SignatureAlgorithm) throws -> TestSigner {
        switch algorithm {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: try rsa.get()
        case .es256: try p256.get()
        case .es384: try p384.get()
        case .es512: try p521.get()
        case .edDSA: try ed25519.get()
        }
    }

    private let key: OpaquePointer

    /// Makes a key.
    private init(_ kind: Kind) throws {
        // Safe: the context is given back at the end, the key in `deinit`.
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, kind.name, nil) else {
            throw Failure()
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { throw Failure() }
        let isSet =
            switch kind {
            case .rsa(let bits): unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits)
            case .curve(let name): unsafe EVP_PKEY_CTX_set_group_name(context, name)
            case .ed25519: Int32(1)
            }
        var key: OpaquePointer?
        guard isSet == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
            throw Failure()
        }
        unsafe self.key = key
    }

    /// Reads a key in PEM form.
    init(pem: [UInt8]) throws {
        let key = unsafe pem.withUnsafeBytes { bytes -> OpaquePointer? in
            let memory = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
            defer { unsafe BIO_free(memory) }
            return unsafe PEM_read_bio_PrivateKey(memory, nil, nil, nil)
        }
        guard let key = unsafe key else { throw Failure() }
        unsafe self.key = key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// The other half.
    func publicKey() throws -> PublicKey {
        var start: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_PUBKEY(key, &start)
        guard count > 0, let bytes = unsafe start else { throw Failure() }
        defer { unsafe mirrord_OPENSSL_free(bytes) }
        let encoded = unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        guard let key = PublicKey(encoded: encoded) else { throw Failure() }
        return key
    }

    /// The other half as JSON, with further members.
    func jwk(_ members: String = "") throws -> String {
        let more = members.isEmpty ? "" : ",\(members)"
        return switch try publicKey().parts {
        case .rsa(let n, let e):
            #"{"kty":"RSA","n":"\#(url(n))","e":"\#(url(e))"\#(more)}"#
        case .elliptic(let curve, let x, let y):
            #"{"kty":"EC","crv":"\#(curve.rawValue)","x":"\#(url(x))","y":"\#(url(y))"\#(more)}"#
        case .ed25519(let x): #"{"kty":"OKP","crv":"Ed25519","x":"\#(url(x))"\#(more)}"#
        }
    }

    // MARK: Signing

    /// A token of these claims, JSON as it is. The header has `alg` and further members.
    func token(
        _ claims: String, _ algorithm: SignatureAlgorithm, naming alg: String? = nil,
        header members: String = ""
    ) throws -> String {
        let more = members.isEmpty ? "" : ",\(members)"
        let header = #"{"alg":"\#(alg ?? algorithm.rawValue)"\#(more)}"#
        let content = "\(url(Array(header.utf8))).\(url(Array(claims.utf8)))"
        return "\(content).\(url(try sign(Array(content.utf8), algorithm)))"
    }

    private func sign(_ message: [UInt8], _ algorithm: SignatureAlgorithm) throws -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw Failure() }
        defer { unsafe EVP_MD_CTX_free(context) }
        var settings: OpaquePointer?
        let hash = algorithm == .edDSA ? nil : unsafe EVP_get_digestbyname(algorithm.hashName)
        guard unsafe EVP_DigestSignInit(context, &settings, hash, nil, key) == 1 else {
            throw Failure()
        }
        if algorithm.rawValue.hasPrefix("PS") {
            unsafe EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING)
            unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST)
        }
        var signature = [UInt8](repeating: 0, count: 1024)
        var count = signature.count
        guard unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { throw Failure() }
        signature = Array(signature[..<count])
        guard case .elliptic(let curve, _, _) = try publicKey().parts else { return signature }
        return try halves(of: signature, curve.byteCount)
    }

    /// Both numbers of a signature, one behind the other.
    private func halves(of signature: [UInt8], _ count: Int) throws -> [UInt8] {
        // Safe: the array outlives the call, and the pair is given back at the end.
        let pair = unsafe signature.withUnsafeBufferPointer { signature in
            var start = signature.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &start, signature.count)
        }
        guard let pair = unsafe pair else { throw Failure() }
        defer { unsafe ECDSA_SIG_free(pair) }
        var (first, second) = (
            [UInt8](repeating: 0, count: count), [UInt8](repeating: 0, count: count)
        )
        unsafe BN_bn2binpad(ECDSA_SIG_get0_r(pair), &first, Int32(count))
        unsafe BN_bn2binpad(ECDSA_SIG_get0_s(pair), &second, Int32(count))
        return first + second
    }
}

extension SignatureAlgorithm {
    fileprivate var hashName: String { "SHA\(rawValue.suffix(3))" }
}

/// Base64 for URLs, without padding.
func url(_ bytes: [UInt8]) -> String {
    base64(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}

extension JSONWebKeySet {
    /// A set of such keys.
    static func of(_ keys: String...) throws -> JSONWebKeySet {
        let json = #"{"keys":[\#(keys.joined(separator: ","))]}"#
        return try JSONDecoder().decode(JSONWebKeySet.self, from: Data(json.utf8))
    }
}

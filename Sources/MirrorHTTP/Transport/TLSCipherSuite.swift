/// A set of algorithms that secures a connection, under the name that RFC 8446 and IANA give it,
/// and Go too.
public struct TLSCipherSuite: Hashable, Sendable, CustomStringConvertible {
    /// Such as `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`.
    public let name: String

    /// The suite of that name, if it is one of ``all``.
    public init?(_ name: String) {
        guard Self.all.contains(where: { $0.name == name }) else { return nil }
        self.init(known: name)
    }

    private init(known name: String) {
        self.name = name
    }

    /// ``name``.
    public var description: String { name }

    /// TLS 1.3 leaves the exchange of keys out of the name.
    var isOfTLS13: Bool { !name.contains("_WITH_") }

    /// What clients of today agree to; a key that is stolen later opens none of it.
    public static let recommended = [
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ].map(TLSCipherSuite.init(known:))

    /// All that can be chosen.
    public static let all =
        recommended
        + [
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_256_CBC_SHA",
        ].map(TLSCipherSuite.init(known:))

    /// Names of suites that were once in use and are too weak to be offered.
    public static let retiredNames = [
        "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    ]
}

internal import MirrorSystem

/// Whose tokens let clients in, and where clients are told to get them: the reference registry's
/// `auth.token`.
public struct TokenSettings: Hashable, Sendable {
    /// Every algorithm that tokens may be signed by.
    public static let knownAlgorithms = SignatureAlgorithm.allCases.map(\.rawValue)

    /// The URL of the token service, which clients are told.
    public var realm: String
    /// What the mirror is called there: tokens have to be for it.
    public var service: String
    /// What the token service calls itself: tokens have to be of it.
    public var issuer: String
    /// A file of certificates in PEM form, whose keys sign tokens or other certificates.
    public var certificateFile: String?
    /// A file of keys, a JSON Web Key Set (RFC 7517).
    public var keySetFile: String?
    /// Where the token service lies on the host that the client asks, in place of ``realm``.
    public var redirectPath: String?
    /// The algorithms that are taken, of those known.
    public var algorithms: Set<String>

    /// All but the last four have to be said.
    public init(
        realm: String, service: String, issuer: String, certificateFile: String? = nil,
        keySetFile: String? = nil, redirectPath: String? = nil,
        algorithms: Set<String> = Set(knownAlgorithms)
    ) {
        self.realm = realm
        self.service = service
        self.issuer = issuer
        self.certificateFile = certificateFile
        self.keySetFile = keySetFile
        self.redirectPath = redirectPath
        self.algorithms = algorithms
    }
}

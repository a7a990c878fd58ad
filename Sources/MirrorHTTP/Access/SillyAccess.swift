/// Lets everybody in who sends any `Authorization`, whatever stands there: the reference
/// registry's `silly`. It shows how clients authenticate, and protects nothing.
public struct SillyAccess: AccessController {
    /// What the reference calls everybody.
    private static let user = "silly"

    private let realm: String
    private let service: String

    /// - Parameters:
    ///   - realm: where clients are told to get a token.
    ///   - service: whom they are told that it is for.
    public init(realm: String, service: String) {
        self.realm = realm
        self.service = service
    }

    /// Allowed, unless there is nothing.
    public func decide(_ request: AccessRequest) async -> AccessDecision {
        if request.request.head.fields[.authorization]?.isEmpty == false {
            return .allowed(AccessGrant(user: Self.user))
        }
        let challenge = BearerChallenge(
            realm: realm, service: service, resource: request.resource)
        return .refused(AccessRefusal(.unauthorized(challenges: [challenge.text])))
    }
}

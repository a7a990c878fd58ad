internal import FoundationEssentials
internal import MirrorCore

/// A bearer token as a token service gives it out.
struct RegistryToken: Hashable, Sendable {
    let secret: Secret
    /// How long it is used: what the service says, less a margin for the way there.
    let lifetime: Duration

    /// How long a token is valid where the service does not say.
    private static let defaultSeconds = 60.0

    /// Reads the answer of a token service; nil when there is no token in it that can stand in a
    /// header.
    init?(json: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(json)),
            let text = [answer.token, answer.access_token].compactMap({ $0 }).first(where: {
                !$0.isEmpty
            }), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        let seconds = Int64(min(max(0, answer.expires_in ?? Self.defaultSeconds), 86_400))
        secret = Secret(text)
        lifetime = .seconds(seconds) - min(.seconds(10), .milliseconds(seconds * 100))
    }

    /// The names are the service's (distribution's "Token Authentication Specification").
    private struct Answer: Decodable {
        let token: String?
        let access_token: String?
        let expires_in: Double?
    }
}

/// A token and who got it.
struct GrantedToken: Hashable, Sendable {
    let token: RegistryToken
    /// The credentials that got it; nil for nobody's.
    let login: RegistryCredentials?
}

/// What a token is for.
struct TokenKey: Hashable, Sendable {
    let realm: HTTPURL
    let service: String?
    let scope: String?
    /// Whether the account's credentials are to get it, or nobody's.
    var isForAccount: Bool
}

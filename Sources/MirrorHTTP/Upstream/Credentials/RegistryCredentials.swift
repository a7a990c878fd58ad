public import MirrorCore

/// The name and password of an account at an upstream, or a token that stands for both.
public struct RegistryCredentials: Hashable, Sendable {
    /// The name that says that the secret is a token, as credential helpers have it.
    private static let identityTokenName = "<token>"

    /// The account's name; `<token>` where ``secret`` is an identity token.
    public let username: String
    /// The account's password, or an identity token: what OAuth2 calls a refresh token.
    public let secret: Secret

    /// Wraps a name and a password. A name of `<token>` makes the password an identity token.
    public init(username: String, password: Secret) {
        self.username = username
        secret = password
    }

    /// Whether they can only be exchanged for a token of a token service.
    var isIdentityToken: Bool { username == Self.identityTokenName }

    /// The value of `Authorization` in the Basic scheme (RFC 7617).
    var basic: Secret {
        Secret("Basic \(base64(Array("\(username):\(secret.revealed)".utf8)))")
    }
}

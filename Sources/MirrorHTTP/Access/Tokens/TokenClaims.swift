internal import MirrorCore

/// What a token says (RFC 7519 section 4.1, distribution's "Token Authentication Specification").
struct TokenClaims: Decodable, Sendable {
    /// How far the clocks of who gave the token and of this machine may be apart.
    private static let leeway = Duration.seconds(60)

    /// Who gave it.
    let issuer: String?
    /// To whom.
    let subject: String?
    /// For whom.
    private let audience: Audience?
    private let expiration: Double?
    private let notBefore: Double?
    private let access: [Access]?

    private enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case subject = "sub"
        case audience = "aud"
        case expiration = "exp"
        case notBefore = "nbf"
        case access
    }

    /// One name, or several.
    private struct Audience: Decodable {
        let names: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let name = try? value.decode(String.self) {
                names = [name]
            } else {
                names = try value.decode([String].self)
            }
        }
    }

    private struct Access: Decodable {
        let type: String?
        let name: String?
        let actions: [String]?
    }

    // MARK: What holds

    /// Whether it is for `service`.
    func isFor(_ service: String) -> Bool { audience?.names.contains(service) ?? false }

    /// Whether it is good at a moment. One that says no end never is.
    func isGood(at now: WallTime) -> Bool {
        let seconds = Double(now.nanosecondsSinceEpoch) / 1e9
        let leeway = Double(Self.leeway.components.seconds)
        guard let expiration, seconds <= expiration + leeway else { return false }
        return notBefore.map { seconds >= $0 - leeway } ?? true
    }

    /// Whether it allows something.
    func allows(_ resource: AccessResource) -> Bool {
        (access ?? []).contains { entry in
            entry.type == resource.type && entry.name == resource.name
                && (entry.actions ?? []).contains { $0 == resource.action || $0 == "*" }
        }
    }
}

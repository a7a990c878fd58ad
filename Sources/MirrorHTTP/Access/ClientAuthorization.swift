internal import FoundationEssentials
internal import MirrorCore

/// The `Authorization` of a client's request, of the schemes that registries take (RFC 9110
/// section 11.6.2).
struct ClientAuthorization: Sendable {
    private enum Scheme {
        case basic, bearer
    }

    /// The value of the field, as it was sent.
    let value: Secret
    private let scheme: Scheme
    private let parameter: Secret

    /// Nil for what is missing, and for other schemes, which no registry could check.
    init?(_ field: String?) {
        guard let field, let space = field.firstIndex(of: " ") else { return nil }
        let name = field[..<space]
        if isSame(name, "Bearer") {
            scheme = .bearer
        } else if isSame(name, "Basic") {
            scheme = .basic
        } else {
            return nil
        }
        value = Secret(field)
        parameter = Secret(String(Substring(field[space...]).trimmed))
    }

    /// A name and the password that goes with it (RFC 7617 section 2).
    var login: (user: String, password: Secret)? {
        guard scheme == .basic, let bytes = base64Decoded(parameter.revealed),
            let text = String(validating: bytes, as: UTF8.self),
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (String(text[..<colon]), Secret(String(text[text.utf8.index(after: colon)...])))
    }

    /// The name that goes with a password.
    var user: String? { login?.user }

    /// A token (RFC 6750 section 2.1).
    var token: Secret? {
        scheme == .bearer && !parameter.revealed.isEmpty ? parameter : nil
    }

    /// When a token says that it ends, if it is a JSON Web Token (RFC 7519 section 4.1.4). Nobody
    /// has proved that it says the truth: it may only shorten what else is decided.
    var end: WallTime? {
        let parts = parameter.revealed.split(separator: ".", omittingEmptySubsequences: false)
        guard scheme == .bearer, parts.count == 3, let json = base64Decoded(parts[1]),
            let claims = try? JSONDecoder().decode(Claims.self, from: Data(json)),
            let seconds = claims.exp, seconds > 0, seconds < 1e11
        else { return nil }
        return .seconds(Int64(seconds))
    }

    private struct Claims: Decodable {
        let exp: Double?
    }
}

/// Who may use an upstream, and how they prove it.
public enum UpstreamAccess: Hashable, Sendable {
    /// Anybody.
    case open
    /// Whoever sends this name and password with every request.
    case basic(user: String, password: String)
    /// Whoever sends a token from the upstream's own token endpoint.
    case bearer(TokenPolicy)
}

/// What tokens are given out for and how long they last.
public struct TokenPolicy: Hashable, Sendable {
    /// Name of the service in challenges.
    public var service = "scripted.test"
    /// Whom the endpoint gives tokens: those with this name and password, or anybody.
    public var user: String?
    /// The password that goes with ``user``.
    public var password: String?
    /// What the endpoint says of a token's life, in seconds; nothing when nil. The upstream
    /// itself forgets tokens by ``useLimit`` and ``ScriptedUpstream/revokeTokens()`` only.
    public var expiresIn: Int? = 300
    /// Requests that one token is good for.
    public var useLimit: Int?

    /// Tokens for anybody.
    public init() {}

    /// Tokens for one user.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

/// Challenges, tokens and links given out so far.
struct AccessState: Sendable {
    private struct Pass: Sendable {
        var scope: String
        var usesLeft: Int
    }

    var access = UpstreamAccess.open
    private var tokens: [String: Pass] = [:]
    private var tokenCount = 0

    mutating func revokeTokens() {
        tokens = [:]
    }

    /// The refusal of a request that does not prove who sent it; nil when it does.
    mutating func refusal(of request: UpstreamRequest, host: String) -> UpstreamAnswer? {
        switch access {
        case .open: return nil
        case .basic(let user, let password):
            let expected = "Basic " + Base64.encode("\(user):\(password)")
            if request.field("Authorization") == expected { return nil }
            return Self.challenge("Basic realm=\"scripted\"")
        case .bearer(let policy):
            let scope = request.repository.map { "repository:\($0):pull" }
            let header = request.field("Authorization")
            if let token = header?.dropPrefix("Bearer "), use(token, for: scope) { return nil }
            var challenge = "Bearer realm=\"http://\(host)/token\",service=\"\(policy.service)\""
            if let scope { challenge += ",scope=\"\(scope)\"" }
            if header != nil { challenge += ",error=\"invalid_token\"" }
            return Self.challenge(challenge)
        }
    }

    /// Gives out a token.
    mutating func tokenAnswer(for request: UpstreamRequest) -> UpstreamAnswer {
        guard case .bearer(let policy) = access else {
            return UpstreamAnswer(404, code: "UNSUPPORTED", "no tokens here")
        }
        if let user = policy.user {
            let expected = "Basic " + Base64.encode("\(user):\(policy.password ?? "")")
            guard request.field("Authorization") == expected else {
                return Self.challenge("Basic realm=\"scripted\"")
            }
        }
        tokenCount += 1
        let token = "token-\(tokenCount)"
        tokens[token] = Pass(scope: request.query("scope") ?? "", usesLeft: policy.useLimit ?? .max)
        let life = policy.expiresIn.map { #","expires_in":\#($0)"# } ?? ""
        return UpstreamAnswer(
            200, [FieldLine("Content-Type", "application/json")],
            SampleBlob(#"{"token":"\#(token)","access_token":"\#(token)"\#(life)}"#))
    }

    private mutating func use(_ token: String, for scope: String?) -> Bool {
        guard let pass = tokens[token], pass.usesLeft > 0 else { return false }
        if let scope, !pass.scope.split(separator: " ").contains(Substring(scope)) { return false }
        tokens[token]?.usesLeft = pass.usesLeft - 1
        return true
    }

    private static func challenge(_ text: String) -> UpstreamAnswer {
        var answer = UpstreamAnswer(401, code: "UNAUTHORIZED", "authentication required")
        answer.set("WWW-Authenticate", text)
        return answer
    }
}

extension String {
    /// What follows `prefix`; nil when the text does not begin with it.
    fileprivate func dropPrefix(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

/// The encoding that Basic credentials travel in (RFC 4648 section 4).
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    static func encode(_ text: String) -> String {
        var result = ""
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            var bits = 0
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? Int(group[index]) : 0) }
            for index in 0..<4 {
                result.append(
                    index <= group.count ? alphabet[bits >> (18 - index * 6) & 63] : "=")
            }
        }
        return result
    }
}

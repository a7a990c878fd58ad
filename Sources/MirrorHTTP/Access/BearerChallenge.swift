/// How a client is told to get a token (distribution's "Token Authentication Specification", RFC
/// 6750 section 3), with the parameters in the reference registry's order.
struct BearerChallenge: Hashable, Sendable {
    /// What was wrong with the token that came along.
    enum Fault: String, Sendable {
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
    }

    /// Where tokens are to be had.
    var realm: String
    /// Whom they are for.
    var service: String
    /// What is to be allowed.
    var resource: AccessResource?
    var fault: Fault?

    /// The value of `WWW-Authenticate`.
    var text: String {
        var text = "Bearer realm=\(quoted(realm)),service=\(quoted(service))"
        if let resource { text += ",scope=\(quoted(resource.scope))" }
        if let fault { text += ",error=\(quoted(fault.rawValue))" }
        return text
    }
}

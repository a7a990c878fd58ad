import MirrorCore

@testable import MirrorHTTP

extension AccessRequest {
    /// A question with an `Authorization`, for a scope or for `/v2/`.
    static func with(
        _ authorization: String?, for scope: AccessScope = .base(nil),
        _ fields: KeyValuePairs<HTTPFieldName, String> = [:]
    ) -> AccessRequest {
        var head = RequestHead(method: .get, target: "/v2/")
        if let authorization { head.fields.append(.authorization, authorization) }
        for (name, value) in fields { head.fields.append(name, value) }
        return AccessRequest(Request(head: head, remoteAddress: "192.0.2.1"), for: scope)
    }

    /// A question with a name and a password.
    static func with(_ user: String, _ password: String) -> AccessRequest {
        with("Basic \(base64(Array("\(user):\(password)".utf8)))")
    }
}

extension AccessDecision {
    /// The user that was let in; nil for nobody.
    var user: String? {
        if case .allowed(let grant) = self { grant.user } else { nil }
    }

    /// What the client is told of how to authenticate; nil where it is told nothing of it.
    var challenge: String? {
        guard case .refused(let refusal) = self,
            case .unauthorized(let challenges) = refusal.kind
        else { return nil }
        return challenges.count == 1 ? challenges[0] : nil
    }

    /// Why it was refused, for the log.
    var reason: String? {
        if case .refused(let refusal) = self { refusal.reason } else { nil }
    }
}

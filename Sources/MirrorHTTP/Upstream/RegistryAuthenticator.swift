internal import MirrorCore
internal import Synchronization

/// The name and password of an account at an upstream.
struct RegistryCredentials: Hashable, Sendable {
    let username: String
    let password: Secret

    /// The value of `Authorization` in the Basic scheme (RFC 7617).
    var basic: Secret {
        Secret("Basic \(base64(Array("\(username):\(password.revealed)".utf8)))")
    }
}

/// Answers an upstream's challenges and remembers them, so that later requests for the same
/// repository carry what is needed at once.
final class RegistryAuthenticator: Sendable {
    /// What is sent along with a request.
    struct Authorization: Sendable {
        let value: Secret
        /// Who this makes the request's sender.
        let identity: UpstreamIdentity
        /// Whether it was made for this request, so that a refusal is final.
        let isNew: Bool
        /// The token in it, and what it is kept under.
        var token: (key: TokenKey, secret: Secret)?
    }

    /// How a repository wants to be asked.
    private enum Method: Sendable {
        case basic
        case bearer(TokenKey, Reach)
    }

    /// Repositories whose challenge is remembered; past it the memory starts anew.
    private static let repositoryLimit = 4096

    private let upstream: HTTPOrigin
    private let credentials: RegistryCredentials?
    private let tokens = TokenCache()
    private let service: TokenService
    private let logger: Logger
    private let methods = Mutex<[RepositoryName: Method]>([:])

    init(
        upstream: HTTPOrigin, credentials: RegistryCredentials?, client: HTTPClient, logger: Logger
    ) {
        self.upstream = upstream
        self.credentials = credentials
        self.logger = logger
        service = TokenService(client: client)
    }

    /// What to send along with a request for `repository`, by what was learned before.
    func authorization(
        for repository: RepositoryName, on loop: EventLoop, deadline: Deadline
    ) async throws(UpstreamError) -> Authorization? {
        guard let method = methods.withLock({ $0[repository] }) else { return nil }
        return try await authorization(by: method, on: loop, deadline: deadline)
    }

    /// What to send along after the upstream answered 401; nil where there is nothing better
    /// than what it `refused`.
    ///
    /// - Parameter peer: where the upstream was reached.
    func answer(
        _ challenges: [Challenge], from peer: AddressClass?, refused: Authorization?,
        for repository: RepositoryName,
        on loop: EventLoop, deadline: Deadline
    ) async throws(UpstreamError) -> Authorization? {
        if let refused {
            guard !refused.isNew else { return nil }
            if let token = refused.token { tokens.drop(token.secret, for: token.key) }
        }
        guard let method = method(for: challenges, from: peer, of: repository) else { return nil }
        methods.withLock { methods in
            if methods.count >= Self.repositoryLimit { methods = [:] }
            methods[repository] = method
        }
        return try await authorization(by: method, on: loop, deadline: deadline)
    }

    private func authorization(
        by method: Method, on loop: EventLoop, deadline: Deadline
    ) async throws(UpstreamError) -> Authorization? {
        switch method {
        case .basic:
            return credentials.map {
                Authorization(value: $0.basic, identity: .account($0.username), isNew: true)
            }
        case .bearer(let key, let reach):
            let login = key.user == nil ? nil : credentials
            let service = service
            let found = try await tokens.token(for: key, on: loop, deadline: deadline) {
                await service.token(for: key, login, within: reach)
            }
            return Authorization(
                value: Secret("Bearer \(found.secret.revealed)"),
                identity: key.user.map { .account($0) } ?? .anonymous, isNew: found.isNew,
                token: (key, found.secret))
        }
    }

    /// The best of what is offered: a token, else the credentials themselves.
    private func method(
        for challenges: [Challenge], from peer: AddressClass?, of repository: RepositoryName
    ) -> Method? {
        for challenge in challenges where challenge.scheme == "bearer" {
            guard let realm = challenge.parameters["realm"].flatMap({ HTTPURL($0) }) else {
                continue
            }
            return .bearer(
                TokenKey(
                    realm: realm, service: challenge.parameters["service"],
                    scope: challenge.parameters["scope"] ?? "repository:\(repository.text):pull",
                    user: user(at: realm)),
                Reach(trustedHosts: [upstream.host], home: peer))
        }
        return credentials != nil && challenges.contains { $0.scheme == "basic" } ? .basic : nil
    }

    /// Whose token to ask for: the account's where the service may see its password.
    private func user(at realm: HTTPURL) -> String? {
        guard let credentials else { return nil }
        if RealmPolicy.mayReceiveCredentials(realm.origin, of: upstream) {
            return credentials.username
        }
        logger.warning(
            "the token service is not on the upstream's own site: asked without credentials",
            LogField("realm", "\(realm)"), LogField("upstream", "\(upstream)"))
        return nil
    }
}

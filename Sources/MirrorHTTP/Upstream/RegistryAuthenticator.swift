internal import MirrorCore
internal import Synchronization

/// Answers an upstream's challenges and remembers them, so that later requests for the same
/// repository carry what is needed at once.
final class RegistryAuthenticator: Sendable {
    /// What is sent along with a request.
    struct Authorization: Sendable {
        let value: Secret
        /// Who this makes the request's sender.
        let identity: UpstreamIdentity
        /// Whether it was made for this request, so that only other credentials would do better.
        let isNew: Bool
        /// The credentials in it, or those that got the token in it; nil for nobody's.
        var login: RegistryCredentials?
        /// The token in it, and what it is kept under.
        var token: (key: TokenKey, secret: Secret)?
        /// Whether others were refused for this request before, so that a refusal is final.
        var isRenewed = false
    }

    /// How a repository wants to be asked.
    private enum Method: Sendable {
        case basic
        case bearer(TokenKey, Reach)
    }

    /// Repositories whose challenge is remembered; past it the memory starts anew.
    private static let repositoryLimit = 4096

    private let upstream: HTTPOrigin
    private let source: (any CredentialSource)?
    private let tokens = TokenCache()
    private let service: TokenService
    private let logger: Logger
    private let methods = Mutex<[RepositoryName: Method]>([:])

    init(
        upstream: HTTPOrigin, source: (any CredentialSource)?, client: HTTPClient,
        counters: UpstreamCounters? = nil, logger: Logger
    ) {
        self.upstream = upstream
        self.source = source
        self.logger = logger
        service = TokenService(client: client, counters: counters)
    }

    /// What to send along with a request for `repository`, by what was learned before.
    func authorization(
        for repository: RepositoryName, on loop: EventLoop, deadline: Deadline
    ) async throws(UpstreamError) -> Authorization? {
        if let client = ClientCredential.current, isLent(client) {
            return Authorization(value: client.secret, identity: client.identity, isNew: true)
        }
        guard let method = methods.withLock({ $0[repository] }) else { return nil }
        return try await authorization(by: method, on: loop, deadline: deadline)
    }

    /// Whether this upstream is to be asked with a client's credential: it was given for it, and
    /// the mirror has none of its own.
    private func isLent(_ client: ClientCredential) -> Bool {
        source == nil && client.audience == "\(upstream)"
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
        if let token = refused?.token { tokens.drop(token.secret, for: token.key) }
        let wasNew = refused?.isNew == true
        if wasNew, let refused {
            guard await isReplaced(refused, on: loop, deadline: deadline) else { return nil }
        }
        guard let method = method(for: challenges, from: peer, of: repository) else { return nil }
        methods.withLock { methods in
            if methods.count >= Self.repositoryLimit { methods = [:] }
            methods[repository] = method
        }
        var next = try await authorization(by: method, on: loop, deadline: deadline)
        next?.isRenewed = wasNew
        return next
    }

    private func authorization(
        by method: Method, on loop: EventLoop, deadline: Deadline
    ) async throws(UpstreamError) -> Authorization? {
        switch method {
        case .basic:
            let login = await login(at: upstream, on: loop, deadline: deadline)
            guard let login, !login.isIdentityToken else { return nil }
            return Authorization(
                value: login.basic, identity: .account(login.username), isNew: true, login: login)
        case .bearer(let key, let reach):
            let found = try await token(for: key, within: reach, on: loop, deadline: deadline)
            guard let found else { return nil }
            return Authorization(
                value: Secret("Bearer \(found.secret.revealed)"),
                identity: found.login.map { .account($0.username) } ?? .anonymous,
                isNew: found.isNew, login: found.login, token: (key, found.secret))
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
                    isForAccount: mayHaveCredentials(realm)),
                Reach(trustedHosts: [upstream.host], home: peer))
        }
        return source != nil && challenges.contains { $0.scheme == "basic" } ? .basic : nil
    }

    /// Whether a token service may see the account's credentials, if there are any.
    private func mayHaveCredentials(_ realm: HTTPURL) -> Bool {
        guard source != nil else { return false }
        if RealmPolicy.mayReceiveCredentials(realm.origin, of: upstream) { return true }
        logger.warning(
            "the token service is not on the upstream's own site: asked without credentials",
            LogField("realm", "\(realm)"), LogField("upstream", "\(upstream)"))
        return false
    }
}

// MARK: Tokens and credentials

extension RegistryAuthenticator {
    /// The account's token; nobody's where the account has no credentials now.
    private func token(
        for key: TokenKey, within reach: Reach, on loop: EventLoop, deadline: Deadline
    ) async throws(UpstreamError) -> TokenCache.Found? {
        if key.isForAccount {
            let found = try await tokens.token(for: key, on: loop, deadline: deadline) { [self] in
                await accountToken(for: key, within: reach)
            }
            if let found { return found }
        }
        var key = key
        key.isForAccount = false
        return try await tokens.token(for: key, on: loop, deadline: deadline) { [service, key] in
            await service.token(for: key, nil, within: reach)
        }
    }

    /// A new token for the account. Credentials that the service refuses may have been replaced,
    /// which is tried once.
    private func accountToken(
        for key: TokenKey, within reach: Reach
    ) async -> TokenCache.Outcome {
        let host = key.realm.origin.authority
        guard let source, let login = await source.credentials(for: host, refused: nil) else {
            return .success(nil)
        }
        let outcome = await service.token(for: key, login, within: reach)
        guard case .failure(let error) = outcome, error.code == .denied else { return outcome }
        let next = await source.credentials(for: host, refused: login)
        guard next != login else { return outcome }
        tokens.dropAll(gotWith: login)
        guard let next else { return .success(nil) }
        return await service.token(for: key, next, within: reach)
    }

    /// Whether there are other credentials now than those that were refused for a request. Tokens
    /// that those got are worth nothing then.
    private func isReplaced(
        _ refused: Authorization, on loop: EventLoop, deadline: Deadline
    ) async -> Bool {
        guard let login = refused.login, !refused.isRenewed else { return false }
        let origin = refused.token?.key.realm.origin ?? upstream
        let next = await self.login(at: origin, refused: login, on: loop, deadline: deadline)
        guard next != login else { return false }
        tokens.dropAll(gotWith: login)
        return true
    }

    /// The credentials to be shown at an origin, as far as they can be had in time.
    private func login(
        at origin: HTTPOrigin, refused: RegistryCredentials? = nil, on loop: EventLoop,
        deadline: Deadline
    ) async -> RegistryCredentials? {
        guard let source else { return nil }
        let login = SharedOutcome(on: loop) {
            await source.credentials(for: origin.authority, refused: refused)
        }
        return await login.value(on: loop, within: deadline.remaining) ?? refused
    }
}

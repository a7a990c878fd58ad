public import MirrorCore

/// An upstream that speaks the OCI distribution API over HTTP.
public final class RegistryUpstream: UpstreamFetcher {
    /// The largest manifest that is taken, in bytes: what containerd takes, and what registries
    /// must at least take (OCI distribution-spec, "Pushing manifests").
    public static let manifestByteLimit = 4 << 20
    /// The largest page of tags or referrers that is taken, in bytes.
    static let listByteLimit = 8 << 20
    /// How often one question is sent at most, where each token that is held turns out to be
    /// worthless and somebody else has got the next meanwhile.
    private static let attemptLimit = 4

    let endpoint: RegistryEndpoint
    /// Whether there is an account that it asks as.
    let hasCredentials: Bool
    let client: HTTPClient
    private let authenticator: RegistryAuthenticator
    private let rateLimits: (any RateLimitObserver)?
    private let counters: UpstreamCounters?
    private let logger: Logger

    /// An upstream at `url`, which may have a path before `/v2/` and a slash at its end.
    ///
    /// - Parameters:
    ///   - credentials: where the account's come from, such as ``RegistryCredentials`` that stay
    ///     the same; nil to ask as nobody. They are sent to the upstream's own site and nowhere
    ///     else.
    ///   - rateLimits: told what the upstream says of the requests that it allows.
    ///   - counters: told of each answer and token.
    public init(
        _ url: HTTPURL, credentials: (any CredentialSource)? = nil, client: HTTPClient,
        rateLimits: (any RateLimitObserver)? = nil, counters: UpstreamCounters? = nil,
        logger: Logger = .disabled
    ) {
        endpoint = RegistryEndpoint(url)
        hasCredentials = credentials != nil
        self.client = client
        self.rateLimits = rateLimits
        self.counters = counters
        self.logger = logger
        authenticator = RegistryAuthenticator(
            upstream: url.origin, source: credentials, client: client, counters: counters,
            logger: logger)
    }

    /// The answer to one question about `repository`, whatever its status, authenticated as the
    /// upstream asks for.
    ///
    /// - Parameter awaitsBody: whether the beginning of the content is part of the answer: it comes
    ///   within the same time.
    func ask(
        _ method: HTTPMethod, _ url: HTTPURL?, _ fields: HTTPFields,
        in repository: RepositoryName, awaitsBody: Bool = false
    ) async throws(UpstreamError) -> ClientResponse {
        guard let url else {
            throw UpstreamError(.invalid, "\(endpoint.origin): no URL can be made of the request")
        }
        let request = ClientRequest(method, url, fields: fields)
        let loop = client.nearestLoop()
        return try await loop.run { () throws(UpstreamError) in
            let deadline = Deadline(in: self.client.timeouts.answer)
            if awaitsBody {
                return try await self.askForContent(request, in: repository, on: loop, deadline)
            }
            return try await self.ask(request, in: repository, on: loop, deadline: deadline)
        }
    }

    /// The answer, with the beginning of the content. A server that falls silent behind the head
    /// is asked once more, while there is time for another answer.
    private func askForContent(
        _ request: ClientRequest, in repository: RepositoryName, on loop: EventLoop,
        _ deadline: Deadline
    ) async throws(UpstreamError) -> ClientResponse {
        var isLast = false
        while true {
            let response = try await ask(request, in: repository, on: loop, deadline: deadline)
            guard [200, 206].contains(response.head.status.code) else { return response }
            let remaining = deadline.remaining
            do throws(ClientError) {
                try await response.body.begin(within: isLast ? remaining : remaining / 2)
                return response
            } catch {
                guard !isLast, error.code == .timedOut else { throw UpstreamFailure.error(error) }
                isLast = true
            }
        }
    }

    private func ask(
        _ request: ClientRequest, in repository: RepositoryName, on loop: EventLoop,
        deadline: Deadline
    ) async throws(UpstreamError) -> ClientResponse {
        var authorization = try await authenticator.authorization(
            for: repository, on: loop, deadline: deadline)
        var attemptCount = 0
        var hasAnotherLink = false
        while true {
            attemptCount += 1
            var request = request
            if let authorization {
                request.fields.append(.authorization, authorization.value.revealed)
            }
            let response = try await send(request, deadline)
            if !hasAnotherLink, isRefusedLink(response, to: request) {
                hasAnotherLink = true
                await response.body.skip()
                continue
            }
            // Only the upstream itself is answered: a server that it redirects to is not.
            guard response.head.status == .unauthorized, response.url.origin == endpoint.origin
            else {
                report(response, as: authorization?.identity ?? .anonymous)
                return response
            }
            guard attemptCount < Self.attemptLimit else { return response }
            let challenges = Challenge.list(response.head.fields.values(of: .wwwAuthenticate))
            let next = try await authenticator.answer(
                challenges, from: response.peer, refused: authorization, for: repository,
                on: loop, deadline: deadline)
            guard let next else { return response }
            await response.body.skip()
            authorization = next
        }
    }

    /// Whether a server that the upstream redirects to does not honour the link, as when it has
    /// expired: 403 at most object stores, 400 at some. Asked again, the upstream gives another.
    /// Links that are signed for GET alone say nothing to a HEAD.
    private func isRefusedLink(_ response: ClientResponse, to request: ClientRequest) -> Bool {
        request.method == .get && response.url.origin != endpoint.origin
            && [400, 401, 403, 410].contains(response.head.status.code)
    }

    func send(
        _ request: ClientRequest, _ deadline: Deadline
    ) async throws(UpstreamError) -> ClientResponse {
        do throws(ClientError) {
            let response = try await client.send(request, within: deadline.remaining)
            counters?.didAnswer(status: response.head.status.code)
            return response
        } catch {
            throw UpstreamFailure.error(error)
        }
    }

    /// Passes on what the upstream itself says of its limits; a server that it redirects to has
    /// others.
    private func report(_ response: ClientResponse, as identity: UpstreamIdentity) {
        guard response.url.origin == endpoint.origin else { return }
        let limit = RateLimit(response.head.fields)
        rateLimits?.didAnswer(as: identity, stating: limit)
        guard let limit, logger.isEnabled(.debug) else { return }
        logger.debug(
            "upstream states its rate limit", LogField("upstream", "\(endpoint.origin)"),
            LogField("ratelimit.limit", limit.limit ?? -1),
            LogField("ratelimit.remaining", limit.remaining ?? -1),
            LogField("ratelimit.window", limit.window ?? .zero))
    }
}

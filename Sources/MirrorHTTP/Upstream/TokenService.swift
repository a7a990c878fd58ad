internal import MirrorCore

/// Asks token services for tokens: by GET (distribution's "Token Authentication Specification"),
/// or by POST in exchange for an identity token (its "OAuth2 Token Authentication").
struct TokenService: Sendable {
    /// How much of an answer is taken, in bytes.
    private static let answerByteLimit = 256 << 10

    let client: HTTPClient
    var counters: UpstreamCounters?

    /// A token for `key`, with the credentials of an account or without.
    ///
    /// - Parameter reach: where the upstream may send the mirror for it.
    func token(
        for key: TokenKey, _ login: RegistryCredentials?, within reach: Reach
    ) async -> TokenCache.Outcome {
        do throws(UpstreamError) {
            let token = try await fetch(key, login, within: reach)
            counters?.didAskForToken(.fetched)
            return .success(GrantedToken(token: token, login: login))
        } catch {
            counters?.didAskForToken(.failed)
            return .failure(error)
        }
    }

    private func fetch(
        _ key: TokenKey, _ login: RegistryCredentials?, within reach: Reach
    ) async throws(UpstreamError) -> RegistryToken {
        guard var request = request(for: key, login) else {
            throw UpstreamError(.invalid, "the token service \(key.realm) has no usable URL")
        }
        request.reach = reach
        let activity = "\(request.method) \(key.realm)"
        let response: ClientResponse
        let bytes: [UInt8]?
        do throws(ClientError) {
            response = try await client.send(request)
            counters?.didAnswer(status: response.head.status.code)
        } catch {
            throw UpstreamFailure.error(error)
        }
        guard response.head.status == .ok else { throw await refusal(response, to: request) }
        do throws(ClientError) {
            bytes = try await response.body.collect(limit: Self.answerByteLimit)
        } catch {
            throw UpstreamFailure.error(error)
        }
        guard let bytes else {
            throw UpstreamError(.invalid, "\(activity): the answer is too large for a token")
        }
        guard let token = RegistryToken(json: bytes) else {
            throw UpstreamError(.invalid, "\(activity): there is no token in the answer")
        }
        return token
    }

    /// What a token service that gives no token says. It speaks of tokens, not of what is behind
    /// it: a token service that is not there does not mean that an image is not.
    private func refusal(
        _ response: ClientResponse, to request: ClientRequest
    ) async -> UpstreamError {
        let error = await UpstreamFailure.error(for: response, to: request.method)
        if request.body != nil {
            switch response.head.status.code {
            // The grant is not valid (RFC 6749 section 5.2).
            case 400: return UpstreamError(.denied, error.reason)
            case 404, 405:
                return UpstreamError(
                    .invalid, "the token service takes no identity tokens: \(error.reason)")
            default: break
            }
        }
        guard error.code == .notFound else { return error }
        return UpstreamError(.invalid, error.reason, retryAfter: error.retryAfter)
    }

    // MARK: Requests

    private func request(for key: TokenKey, _ login: RegistryCredentials?) -> ClientRequest? {
        var fields = HTTPFields()
        fields.append(.accept, "application/json")
        if let login, login.isIdentityToken {
            fields.append(.contentType, "application/x-www-form-urlencoded")
            var request = ClientRequest(.post, key.realm, fields: fields)
            request.body = Array(grant(for: key, login.secret).utf8)
            return request
        }
        guard let url = url(for: key, login) else { return nil }
        if let login { fields.append(.authorization, login.basic.revealed) }
        return ClientRequest(.get, url, fields: fields)
    }

    private func grant(for key: TokenKey, _ identityToken: Secret) -> String {
        let parameters: [(name: String, value: String?)] = [
            ("grant_type", "refresh_token"), ("client_id", ProductVersion.name),
            ("service", key.service), ("scope", key.scope),
            ("refresh_token", identityToken.revealed),
        ]
        return parameters.compactMap { name, value in
            value.map { "\(name)=\(queryEncoding($0))" }
        }.joined(separator: "&")
    }

    private func url(for key: TokenKey, _ login: RegistryCredentials?) -> HTTPURL? {
        var parameters: [String] = []
        if let service = key.service { parameters.append("service=\(queryEncoding(service))") }
        // Several scopes stand in one challenge with spaces between, and each in its own parameter.
        for scope in (key.scope ?? "").split(separator: " ") {
            parameters.append("scope=\(queryEncoding(String(scope)))")
        }
        if let login { parameters.append("account=\(queryEncoding(login.username))") }
        let separator = key.realm.target.contains("?") ? "&" : "?"
        let query = parameters.isEmpty ? "" : separator + parameters.joined(separator: "&")
        return HTTPURL(origin: key.realm.origin, target: key.realm.target + query)
    }
}

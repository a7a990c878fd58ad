internal import MirrorCore

/// Asks token services for tokens (distribution's "Token Authentication Specification").
struct TokenService: Sendable {
    /// How much of an answer is taken, in bytes.
    private static let answerByteLimit = 256 << 10

    let client: HTTPClient

    /// A token for `key`, with the credentials of an account or without.
    ///
    /// - Parameter reach: where the upstream may send the mirror for it.
    func token(
        for key: TokenKey, _ login: RegistryCredentials?, within reach: Reach
    ) async -> TokenCache.Outcome {
        do throws(UpstreamError) {
            return .success(try await fetch(key, login, within: reach))
        } catch {
            return .failure(error)
        }
    }

    private func fetch(
        _ key: TokenKey, _ login: RegistryCredentials?, within reach: Reach
    ) async throws(UpstreamError) -> RegistryToken {
        guard let url = url(for: key, login) else {
            throw UpstreamError(.invalid, "the token service \(key.realm) has no usable URL")
        }
        var fields = HTTPFields()
        fields.append(.accept, "application/json")
        if let login { fields.append(.authorization, login.basic.revealed) }
        var request = ClientRequest(.get, url, fields: fields)
        request.reach = reach
        let response: ClientResponse
        let bytes: [UInt8]?
        do throws(ClientError) {
            response = try await client.send(request)
        } catch {
            throw UpstreamFailure.error(error)
        }
        guard response.head.status == .ok else { throw await refusal(response) }
        do throws(ClientError) {
            bytes = try await response.body.collect(limit: Self.answerByteLimit)
        } catch {
            throw UpstreamFailure.error(error)
        }
        guard let bytes else {
            throw UpstreamError(.invalid, "GET \(key.realm): the answer is too large for a token")
        }
        guard let token = RegistryToken(json: bytes) else {
            throw UpstreamError(.invalid, "GET \(key.realm): there is no token in the answer")
        }
        return token
    }

    /// What a token service that gives no token says. It speaks of tokens, not of what is behind
    /// it: a token service that is not there does not mean that an image is not.
    private func refusal(_ response: ClientResponse) async -> UpstreamError {
        let error = await UpstreamFailure.error(for: response, to: .get)
        guard error.code == .notFound else { return error }
        return UpstreamError(.invalid, error.reason, retryAfter: error.retryAfter)
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

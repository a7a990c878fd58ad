internal import MirrorCore

/// What the upstream says of others' credentials.
extension RegistryUpstream: AccessUpstream {
    /// What a ``ClientCredential`` for this upstream calls it.
    var audience: String { "\(endpoint.origin)" }

    func answer(
        to probe: AccessProbe, with authorization: Secret?
    ) async throws(UpstreamError) -> AccessAnswer {
        let deadline = Deadline(in: client.timeouts.access)
        let first = request(for: probe)
        let answer = try await ask(first, authorization, deadline)
        if answer == .granted { return answer }
        switch probe {
        case .base, .tags: return answer
        case .manifest(_, let repository):
            guard answer == .notFound else { return answer }
            // A registry that hides what one may not read hides the tags too.
            let tags = request(for: .tags(in: repository))
            let ofTags = try? await ask(tags, authorization, deadline)
            return ofTags == .granted ? .granted : .notFound
        case .blob:
            // Some registries refuse HEAD of a blob whatever the token.
            guard let url = first?.url else { return answer }
            var byte = ClientRequest(.get, url, fields: fields(accepting: "*/*"))
            byte.fields.append(.range, "bytes=0-0")
            return try await ask(byte, authorization, deadline)
        }
    }

    private func request(for probe: AccessProbe) -> ClientRequest? {
        let url: HTTPURL?
        var method = HTTPMethod.head
        var fields = fields(accepting: "*/*")
        switch probe {
        case .base:
            url = endpoint.base
            method = .get
        case .manifest(let reference, let repository):
            url = endpoint.manifest(reference, in: repository)
            fields = Self.manifestFields
        case .blob(let digest, let repository):
            url = endpoint.blob(digest, in: repository)
        case .tags(let repository):
            url = endpoint.tags(in: repository, from: .start, limit: 1)
            method = .get
        }
        return url.map { ClientRequest(method, $0, fields: fields) }
    }

    /// Asks as whoever has the authorization, at this upstream and not where a redirect leads.
    private func ask(
        _ request: ClientRequest?, _ authorization: Secret?, _ deadline: Deadline
    ) async throws(UpstreamError) -> AccessAnswer {
        guard var request else {
            throw UpstreamError(.invalid, "\(endpoint.origin): no URL can be made of the request")
        }
        request.followsRedirects = false
        if let authorization { request.fields.append(.authorization, authorization.revealed) }
        let response = try await send(request, deadline)
        // The head says it all, and the body may come slowly.
        defer { response.body.cancel() }
        if let answer = answer(response) { return answer }
        throw UpstreamFailure.error(for: response.head, of: response.url, to: request.method)
    }

    /// What a response says; nil where it does not say.
    private func answer(_ response: ClientResponse) -> AccessAnswer? {
        switch response.head.status.code {
        case 200...299: return .granted
        case 302, 303, 307, 308: return isBlobElsewhere(response) ? .granted : nil
        case 401:
            let challenges = response.head.fields.values(of: .wwwAuthenticate)
            return challenges.isEmpty ? .denied : .unauthorized(challenges: challenges)
        case 403: return .denied
        // The last two: it does not know the method here.
        case 404, 405, 501: return .notFound
        default: return nil
        }
    }

    /// Whether a registry sends whom it has let pass to where it keeps its blobs. Of anything else
    /// a redirect proves nothing: it may lead to a login.
    private func isBlobElsewhere(_ response: ClientResponse) -> Bool {
        guard response.url.path.contains("/blobs/"),
            let place = response.head.fields[.location].flatMap({ response.url.resolving($0) })
        else { return false }
        return place.origin.host != endpoint.origin.host
    }
}

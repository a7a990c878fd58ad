internal import MirrorCore

/// Access control before the API.
extension RegistryResponder {
    /// The answer to a request, if access control lets it pass.
    ///
    /// - Parameter grant: gets what was decided.
    func admitted(
        _ route: RegistryRoute, to request: Request, _ target: RequestTarget,
        _ scope: RegistryScope, _ grant: inout AccessGrant
    ) async throws(DistributionError) -> Response {
        guard let access = options.access,
            let asked = try AccessScope(route, request.head.method, scope)
        else { return try await answer(route, to: request.head, target, scope) }
        var question = AccessRequest(request, for: asked)
        question.calledName = route.repository.flatMap {
            scope.isTold(by: $0, storedAs: asked.repository) ? $0 : nil
        }
        while true {
            grant = try await self.grant(question, by: access)
            do throws(DistributionError) {
                return try await ClientCredential.run(as: grant.credential) {
                    () async throws(DistributionError) in
                    try await answer(route, to: request.head, target, scope)
                }
            } catch {
                // What was allowed may have ended since: then the client has to hear of it. If
                // not, it was another client's credential that was denied, which began the work.
                guard error.isUpstreamDenial, grant.credential != nil, !question.mustAskAnew
                else { throw error }
                question.mustAskAnew = true
            }
        }
    }

    /// Notes who was answered, and why. A client that also has a certificate of another name is
    /// known by both.
    func sign(_ response: inout Response, for request: Request, by grant: AccessGrant) {
        if let basis = grant.basis { response.notes.append(LogField("access", basis)) }
        guard let user = grant.user else { return }
        response.user = user
        if let identity = request.clientIdentity, identity.name != user {
            response.notes.append(LogField("auth.certificate.subject", identity.subject))
        }
    }

    private func grant(
        _ request: AccessRequest, by access: any AccessController
    ) async throws(DistributionError) -> AccessGrant {
        switch await access.decide(request) {
        case .allowed(let grant): return grant
        case .refused(let refusal): throw DistributionError(refusal, of: request)
        }
    }
}

extension AccessScope {
    /// What a request asks for; nil for what shows nothing of what the mirror has.
    init?(
        _ route: RegistryRoute, _ method: HTTPMethod, _ scope: RegistryScope
    ) throws(DistributionError) {
        if route == .base {
            self = .base(scope.registry)
            return
        }
        guard method == .get || method == .head else { return nil }
        switch route {
        case .catalog: self = .catalog
        case .manifest(let name, let reference):
            self = .pull(try scope.storedName(of: name), .manifest(reference))
        case .blob(let name, let digest):
            self = .pull(try scope.storedName(of: name), .blob(digest))
        case .referrers(let name, let digest):
            self = .pull(try scope.storedName(of: name), .referrers(digest))
        case .tags(let name): self = .pull(try scope.storedName(of: name), .tags)
        case .alive, .base, .baseWithoutSlash, .upload, .invalidName, .invalidReference,
            .invalidDigest, .unknown:
            return nil
        }
    }
}

extension AccessScope {
    /// How it is said that what is asked for is not there.
    fileprivate var missing: DistributionError.Code {
        switch self {
        case .pull(_, .manifest), .pull(_, .referrers): .manifestUnknown
        case .pull(_, .blob): .blobUnknown
        case .base, .catalog, .pull(_, .tags): .nameUnknown
        }
    }
}

extension DistributionError {
    /// What access control refuses, as the reference registry tells it.
    init(_ refusal: AccessRefusal, of request: AccessRequest) {
        switch refusal.kind {
        case .unauthorized(let challenges):
            self.init(
                .unauthorized, .unauthorized, "authentication required", detail: refusal.reason)
            self.challenges = challenges
            resource = request.resource
        case .denied:
            self.init(
                .forbidden, .denied, "requested access to the resource is denied",
                detail: refusal.reason)
        case .notFound:
            let code = request.scope.missing
            self.init(.notFound, code, code.message, detail: refusal.reason)
        case .unavailable:
            self.init(
                .serviceUnavailable, .unavailable, "service unavailable", detail: refusal.reason)
        }
        retryAfter = refusal.retryAfter.map(Self.wholeSeconds)
    }
}

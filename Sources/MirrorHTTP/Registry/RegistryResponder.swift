public import MirrorCore

/// The registry's API over a mirror: a request value in, a response value out.
public struct RegistryResponder: Responder {
    /// How the API shows itself.
    public struct Options: Sendable {
        /// Path below which the API lies; begins and ends with a slash.
        public var prefix = "/"
        /// Fields that every answer carries besides its own.
        public var extraFields: [(name: HTTPFieldName, value: String)] = []
        /// Entries of a catalog's page where the client does not say.
        public var catalogPageCount = 100
        /// Entries of a catalog's page at most.
        public var catalogPageLimit = 1000
        /// Entries of a page of tags at most, where the client asks for pages.
        public var tagPageLimit = 1000
        /// The registries that the mirror stands for.
        public var upstreams = UpstreamDirectory()
        /// Who may ask for what; nil where everybody may ask for everything.
        public var access: (any AccessController)?

        /// The API at the root.
        public init() {}
    }

    let mirror: RegistryMirror
    let options: Options

    /// Answers from `mirror`.
    public init(_ mirror: RegistryMirror, options: Options = Options()) {
        self.mirror = mirror
        self.options = options
    }

    /// The answer to one request of the registry's API.
    public func respond(to request: Request) async -> Response {
        let target = RequestTarget(request.head.target)
        let route =
            target.withPath { RegistryRoute(path: $0, prefix: options.prefix) } ?? .unknown
        let scope = RegistryScope(request.head, target, options.upstreams)
        var response: Response
        var grant = AccessGrant()
        do throws(DistributionError) {
            response = try await admitted(route, to: request, target, scope, &grant)
        } catch {
            response = failure(error)
        }
        sign(&response, for: request, by: grant)
        scope.name(in: &response.fields, of: route)
        return response
    }

    /// An error of the specification, as clients understand it.
    public func refusal(_ status: HTTPStatus, _ reason: String) -> Response {
        failure(DistributionError(refusing: status, reason))
    }

    /// The answer to whoever may have it.
    func answer(
        _ route: RegistryRoute, to head: RequestHead, _ target: RequestTarget,
        _ scope: RegistryScope
    ) async throws(DistributionError) -> Response {
        switch route {
        case .alive: return Response(.ok, noCaching, body: .bytes([]))
        case .unknown:
            throw DistributionError(
                .notFound, .nameUnknown, "repository name not known to registry",
                detail: "this is no path of the registry's API")
        case .baseWithoutSlash:
            var fields = fields(byteCount: 128)
            fields.append(.location, "\(options.prefix)v2/\(scope.parameter(behind: "?"))")
            return Response(.movedPermanently, fields, body: .bytes([]))
        case .base: return json(Array("{}".utf8))
        case .invalidName(let text):
            throw DistributionError(
                .badRequest, .nameInvalid, "invalid repository name", detail: text)
        case .invalidReference(let text):
            // What cannot be a tag names nothing: the specification's conformance tests ask so.
            throw DistributionError(
                .notFound, .manifestUnknown, "manifest unknown", detail: "\(text) is no tag")
        case .invalidDigest(let text):
            throw DistributionError(.badRequest, .digestInvalid, "invalid digest", detail: text)
        case .upload: throw .unsupported
        case .catalog, .manifest, .blob, .tags, .referrers: break
        }
        guard head.method == .get || head.method == .head else { throw .unsupported }
        switch route {
        case .catalog: return try await catalog(target, scope)
        case .tags(let name): return try await tags(name, target, scope)
        case .manifest(let name, let reference):
            return try await manifest(try scope.storedName(of: name), reference, head)
        case .blob(let name, let digest):
            return try await blob(try scope.storedName(of: name), digest, head)
        case .referrers(let name, let digest):
            return try await referrers(name, digest, target, scope)
        default: throw .unsupported
        }
    }

    // MARK: What all answers share

    /// The fields that every answer begins with.
    func fields(byteCount: Int) -> HTTPFields {
        var fields = HTTPFields(byteCount: byteCount)
        fields.append(.dockerAPIVersion, "registry/2.0")
        for (name, value) in options.extraFields { fields.append(name, value) }
        return fields
    }

    private var noCaching: HTTPFields {
        var fields = HTTPFields()
        fields.append(.cacheControl, "no-cache")
        return fields
    }

    func json(_ bytes: [UInt8], _ extra: (inout HTTPFields) -> Void = { _ in }) -> Response {
        var fields = fields(byteCount: 256)
        fields.append(.contentType, "application/json")
        extra(&fields)
        return Response(.ok, fields, body: .bytes(bytes))
    }

    private func failure(_ error: DistributionError) -> Response {
        var fields = fields(byteCount: 256)
        fields.append(.contentType, "application/json")
        if let seconds = error.retryAfter { fields.append(.retryAfter, seconds) }
        for challenge in error.challenges { fields.append(.wwwAuthenticate, challenge) }
        if error.status == .methodNotAllowed { fields.append(.allow, "GET, HEAD") }
        var notes = [LogField("err.code", error.code.rawValue.lowercased())]
        notes.append(LogField("err.message", error.message))
        if !error.detail.isEmpty { notes.append(LogField("err.detail", error.detail)) }
        return Response(error.status, fields, body: .bytes(error.body), notes: notes)
    }
}

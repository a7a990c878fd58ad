public import MirrorCore
public import MirrorHTTP

/// Which requests a rule, a gate or a count is about.
public struct RequestFilter: Sendable {
    private let accepts: @Sendable (UpstreamRequest) -> Bool

    /// Those for which `accepts` says so.
    public init(_ accepts: @escaping @Sendable (UpstreamRequest) -> Bool) {
        self.accepts = accepts
    }

    /// Whether the request is one of these.
    public func matches(_ request: UpstreamRequest) -> Bool { accepts(request) }

    /// Every request.
    public static let any = RequestFilter { _ in true }

    /// Requests for `/v2/`.
    public static let base = RequestFilter { $0.resource == .base }

    /// Requests for tokens.
    public static let token = RequestFilter { $0.resource == .token }

    /// Requests for a manifest: by this tag or digest, or any.
    public static func manifest(_ reference: String? = nil) -> RequestFilter {
        RequestFilter { request in
            guard case .manifest(_, let asked) = request.resource else { return false }
            return reference == nil || reference == asked
        }
    }

    /// Requests whose answer is a blob: this one, or any. With redirects on, these are the
    /// requests at the server that redirects lead to.
    public static func blob(_ digest: Digest? = nil) -> RequestFilter {
        RequestFilter { request in
            switch request.resource {
            case .blob(_, let asked), .content(let asked): digest == nil || digest == asked
            default: false
            }
        }
    }

    /// Requests for a blob that are answered with a redirect: this one, or any.
    public static func redirect(_ digest: Digest? = nil) -> RequestFilter {
        RequestFilter { request in
            guard case .redirect(_, let asked) = request.resource else { return false }
            return digest == nil || digest == asked
        }
    }

    /// Requests for lists of tags.
    public static let tags = RequestFilter { request in
        if case .tags = request.resource { true } else { false }
    }

    /// Requests for lists of referrers.
    public static let referrers = RequestFilter { request in
        if case .referrers = request.resource { true } else { false }
    }

    /// Those of these that use `method`.
    public func with(method: HTTPMethod) -> RequestFilter {
        RequestFilter { [accepts] in $0.method == method && accepts($0) }
    }

    /// Those of these that are about `repository`.
    public func within(_ repository: String) -> RequestFilter {
        RequestFilter { [accepts] in $0.repository == repository && accepts($0) }
    }
}

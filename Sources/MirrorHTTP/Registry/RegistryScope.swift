internal import MirrorCore

/// Which registry a request means: by its `ns` parameter, which clients of a proxy send (OCI
/// distribution-spec, "Registry Proxying"), by its `Host` field, or by its path.
struct RegistryScope {
    private let namespace: String?
    private let head: RequestHead
    private let upstreams: UpstreamDirectory

    init(_ head: RequestHead, _ target: RequestTarget, _ upstreams: UpstreamDirectory) {
        let namespace = target["ns"]
        self.namespace = namespace?.isEmpty == true ? nil : namespace
        self.head = head
        self.upstreams = upstreams
    }

    /// The registry that is meant where no repository is named; nil for the main one.
    var registry: UpstreamName? {
        upstreams.registry(namespace: namespace, host: head.fields[.host])
    }

    /// The name that the mirror stores a repository under that the request asks for.
    func storedName(of name: RepositoryName) throws(DistributionError) -> RepositoryName {
        let stored = upstreams.storedName(
            of: name, namespace: namespace, host: head.fields[.host])
        if let stored { return stored }
        let registry = namespace.map { "the registry \($0)" } ?? "the registry that it begins with"
        throw DistributionError(
            .notFound, .nameUnknown, "repository name not known to registry",
            detail: "\(name) of \(registry) is not mirrored here")
    }

    /// Whether the name that a client has for a repository tells by itself which is meant. Where
    /// `ns` or `Host` leads to another registry than the main one, it does not.
    func isTold(by name: RepositoryName, storedAs stored: RepositoryName?) -> Bool {
        stored.map { name == $0 || !upstreams.isOfAnother($0) } ?? false
    }

    /// Says in an answer about a repository that the request's `ns` was heeded, where it was.
    func name(in fields: inout HTTPFields, of route: RegistryRoute) {
        guard let namespace, upstreams.isName(namespace) else { return }
        switch route {
        case .manifest, .blob, .tags, .referrers: fields.append(.ociNamespace, namespace)
        default: break
        }
    }

    /// The request's `ns` for a link, behind `separator`; empty where it has none.
    func parameter(behind separator: String) -> String {
        namespace.map { "\(separator)ns=\(percentEncoded($0))" } ?? ""
    }
}

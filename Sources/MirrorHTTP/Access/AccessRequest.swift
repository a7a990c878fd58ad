public import MirrorCore

/// A request that access is to be decided for.
public struct AccessRequest: Sendable {
    /// The request itself: who sends it, and what it is authorised by.
    public var request: Request
    /// What it asks for.
    public var scope: AccessScope
    /// What the client calls the repository, where that is enough to know which is meant; nil
    /// where it is the name that the repository is stored under.
    public var calledName: RepositoryName?
    /// Whether what is remembered must not decide: the upstream has just denied what was allowed.
    public var mustAskAnew = false

    /// A request for something.
    public init(_ request: Request, for scope: AccessScope) {
        self.request = request
        self.scope = scope
    }
}

/// What a client asks for, as far as access to it is concerned.
public enum AccessScope: Hashable, Sendable {
    /// `/v2/` of a registry, by its name; of the main one for nil.
    case base(UpstreamName?)
    /// To read a repository, which is named as it is stored.
    case pull(RepositoryName, PullSubject)
    /// The names of all repositories of which something is held.
    case catalog
}

/// What is read of a repository.
public enum PullSubject: Hashable, Sendable {
    /// A manifest.
    case manifest(Reference)
    /// A blob.
    case blob(Digest)
    /// What refers to a manifest.
    case referrers(Digest)
    /// The list of tags.
    case tags
}

extension AccessRequest {
    /// What the client would have to be allowed; nil where it is enough to be known.
    var resource: AccessResource? {
        switch scope {
        case .base: nil
        case .pull(let stored, _):
            AccessResource(
                type: "repository", name: (calledName ?? stored).text, action: "pull")
        case .catalog: AccessResource(type: "registry", name: "catalog", action: "*")
        }
    }
}

extension AccessScope {
    /// The repository that is read; nil where it is not about one.
    var repository: RepositoryName? {
        if case .pull(let repository, _) = self { repository } else { nil }
    }
}

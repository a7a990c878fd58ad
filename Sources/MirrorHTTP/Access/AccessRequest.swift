public import MirrorCore

/// A request that access is to be decided for.
public struct AccessRequest: Sendable {
    /// The request itself: who sends it, and what it is authorised by.
    public var request: Request
    /// What it asks for.
    public var scope: AccessScope
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

/// How the scope is told in errors and challenges (distribution's "Docker Registry Token Scope
/// and Access").
extension AccessScope {
    /// The repository that is read; nil where it is not about one.
    var repository: RepositoryName? {
        if case .pull(let repository, _) = self { repository } else { nil }
    }

    /// Type, name and action; nil for what needs no scope.
    var resource: (type: String, name: String, action: String)? {
        switch self {
        case .base: nil
        case .pull(let repository, _): ("repository", repository.text, "pull")
        case .catalog: ("registry", "catalog", "*")
        }
    }
}

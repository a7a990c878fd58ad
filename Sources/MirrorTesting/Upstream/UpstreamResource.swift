public import MirrorCore

/// What a request to a registry is about, by its path.
public enum UpstreamResource: Hashable, Sendable {
    /// `/v2/`.
    case base
    /// `/v2/<repository>/manifests/<tag or digest>`.
    case manifest(repository: String, reference: String)
    /// `/v2/<repository>/blobs/<digest>`, answered with the blob.
    case blob(repository: String, Digest)
    /// The same, answered with a redirect.
    case redirect(repository: String, Digest)
    /// A blob at the server that redirects lead to.
    case content(Digest)
    /// `/v2/<repository>/tags/list`.
    case tags(repository: String)
    /// `/v2/<repository>/referrers/<digest>`.
    case referrers(repository: String, Digest)
    /// `/token`.
    case token
    /// Anything else.
    case other

    /// Reads a path without query.
    init(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        self = .other
        if path == "/v2/" || path == "/v2" {
            self = .base
        } else if path == "/token" {
            self = .token
        } else if parts.count == 3, parts[1] == "content", let digest = Digest(parts[2]) {
            self = .content(digest)
        } else if parts.count >= 5, parts[1] == "v2" {
            let repository = parts[2..<(parts.count - 2)].joined(separator: "/")
            self.init(repository, kind: parts[parts.count - 2], name: parts[parts.count - 1])
        }
    }

    private init(_ repository: String, kind: String, name: String) {
        switch kind {
        case "manifests": self = .manifest(repository: repository, reference: name)
        case "blobs": self = Digest(name).map { .blob(repository: repository, $0) } ?? .other
        case "tags" where name == "list": self = .tags(repository: repository)
        case "referrers":
            self = Digest(name).map { .referrers(repository: repository, $0) } ?? .other
        default: self = .other
        }
    }

    /// The repository, where there is one.
    public var repository: String? {
        switch self {
        case .manifest(let name, _), .blob(let name, _), .redirect(let name, _), .tags(let name),
            .referrers(let name, _):
            name
        case .base, .content, .token, .other: nil
        }
    }
}

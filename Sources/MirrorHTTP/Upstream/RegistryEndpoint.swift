internal import MirrorCore

/// Where a registry's API lies: an origin, and maybe a path before `/v2/`.
struct RegistryEndpoint: Sendable {
    /// Scheme, host and port.
    let origin: HTTPOrigin
    /// What comes before `/v2/`; empty, or begins with `/` and does not end with one.
    private let prefix: String

    /// An API below `url`, with or without a slash at its end.
    init(_ url: HTTPURL) {
        origin = url.origin
        var path = url.path
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path
    }

    /// `/v2/` itself.
    var base: HTTPURL? { HTTPURL(origin: origin, target: "\(prefix)/v2/") }

    func manifest(_ reference: Reference, in repository: RepositoryName) -> HTTPURL? {
        url(repository, "manifests/\(reference.text)")
    }

    func blob(_ digest: Digest, in repository: RepositoryName) -> HTTPURL? {
        url(repository, "blobs/\(digest.text)")
    }

    func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) -> HTTPURL? {
        url(repository, "tags/list", query: query(of: position, limit: limit))
    }

    func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) -> HTTPURL? {
        url(repository, "referrers/\(digest.text)", query: query(of: position, limit: nil))
    }

    private func query(of position: ListPosition, limit: Int?) -> [String] {
        let count = limit.map { ["n=\($0)"] } ?? []
        switch position {
        case .start: return count
        case .behind(let last): return count + ["last=\(queryEncoding(last))"]
        case .link(let query): return [query]
        }
    }

    private func url(
        _ repository: RepositoryName, _ rest: String, query: [String] = []
    ) -> HTTPURL? {
        let path = "\(prefix)/v2/\(repository.text)/\(rest)"
        let target = query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
        return HTTPURL(origin: origin, target: target)
    }
}

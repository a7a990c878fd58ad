internal import MirrorCore

/// What a path of the registry's API names (OCI distribution-spec, "Endpoints").
enum RegistryRoute: Hashable, Sendable {
    /// `/`, which probes ask for.
    case alive
    /// `/v2/`, by which clients find out that this is a registry.
    case base
    /// `/v2`, which the reference redirects.
    case baseWithoutSlash
    case catalog
    case manifest(RepositoryName, Reference)
    case blob(RepositoryName, Digest)
    case tags(RepositoryName)
    case referrers(RepositoryName, Digest)
    /// Any path below `/v2/<name>/blobs/uploads/`: only pushes use it.
    case upload
    case invalidName(String)
    case invalidReference(String)
    case invalidDigest(String)
    case unknown

    /// Recognises a path without its query. The name comes first and may hold any words, so
    /// paths are read from their end.
    init(path: Substring, prefix: String) {
        guard path.hasPrefix(prefix) else {
            self = path == "/" ? .alive : .unknown
            return
        }
        let rest = path.dropFirst(prefix.count)
        switch rest {
        case "": self = .alive
        case "v2": self = .baseWithoutSlash
        case "v2/": self = .base
        case "v2/_catalog": self = .catalog
        default:
            guard rest.hasPrefix("v2/"), let text = percentDecoded(rest.dropFirst(3)) else {
                self = .unknown
                return
            }
            self.init(resource: text.split(separator: "/", omittingEmptySubsequences: false))
        }
    }

    private init(resource parts: [Substring]) {
        guard parts.count >= 3, let last = parts.last else {
            self = .unknown
            return
        }
        if parts.count >= 4, parts[parts.count - 3] == "blobs", parts[parts.count - 2] == "uploads"
        {
            self = .upload
            return
        }
        let text = parts.dropLast(2).joined(separator: "/")
        let kind = parts[parts.count - 2]
        guard
            ["manifests", "blobs", "referrers"].contains(kind) || kind == "tags" && last == "list"
        else {
            self = .unknown
            return
        }
        guard let name = RepositoryName(text) else {
            self = .invalidName(text)
            return
        }
        self = Self.resource(kind, of: name, String(last))
    }

    private static func resource(
        _ kind: Substring, of name: RepositoryName, _ last: String
    ) -> RegistryRoute {
        switch kind {
        case "tags": return .tags(name)
        case "manifests":
            guard let reference = Reference(last) else {
                return last.contains(":") ? .invalidDigest(last) : .invalidReference(last)
            }
            return .manifest(name, reference)
        default:
            if last == "uploads" { return .upload }
            guard let digest = Digest(last) else { return .invalidDigest(last) }
            return kind == "blobs" ? .blob(name, digest) : .referrers(name, digest)
        }
    }
}

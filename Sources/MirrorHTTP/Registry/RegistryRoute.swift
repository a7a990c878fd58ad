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

    /// Recognises a path without its query, its percent-encoding undone. The name comes first and
    /// may hold any words, so paths are read from their end.
    init(path: Span<UInt8>, prefix: String) {
        let prefix = prefix.utf8.span
        guard path.starts(with: prefix) else {
            self = path.isEqual(to: "/") ? .alive : .unknown
            return
        }
        let rest = path.extracting(droppingFirst: prefix.count)
        if rest.isEmpty {
            self = .alive
        } else if rest.isEqual(to: "v2") {
            self = .baseWithoutSlash
        } else if rest.isEqual(to: "v2/") {
            self = .base
        } else if rest.isEqual(to: "v2/_catalog") {
            self = .catalog
        } else if rest.starts(with: "v2/".utf8.span) {
            self.init(resource: rest.extracting(droppingFirst: 3))
        } else {
            self = .unknown
        }
    }

    private init(resource path: Span<UInt8>) {
        guard let lastSlash = path.lastSlash(before: path.count),
            let kindSlash = path.lastSlash(before: lastSlash)
        else {
            self = .unknown
            return
        }
        let name = path.extracting(first: kindSlash)
        let kind = path.extracting(kindSlash + 1..<lastSlash)
        let last = path.extracting(droppingFirst: lastSlash + 1)
        if kind.isEqual(to: "uploads"), name.ends(with: "/blobs") {
            self = .upload
        } else if kind.isEqual(to: "manifests") {
            self = Self.named(name) { .manifest(in: $0, last) }
        } else if kind.isEqual(to: "blobs") {
            self = Self.named(name) { name in
                if last.isEqual(to: "uploads") { return .upload }
                return .digested(last) { .blob(name, $0) }
            }
        } else if kind.isEqual(to: "referrers") {
            self = Self.named(name) { name in .digested(last) { .referrers(name, $0) } }
        } else if kind.isEqual(to: "tags"), last.isEqual(to: "list") {
            self = Self.named(name) { .tags($0) }
        } else {
            self = .unknown
        }
    }

    private static func named(
        _ text: Span<UInt8>, _ route: (RepositoryName) -> RegistryRoute
    ) -> RegistryRoute {
        let text = String(utf8: text)
        return RepositoryName(text).map(route) ?? .invalidName(text)
    }

    private static func digested(
        _ text: Span<UInt8>, _ route: (Digest) -> RegistryRoute
    ) -> RegistryRoute {
        Digest(utf8: text).map(route) ?? .invalidDigest(String(utf8: text))
    }

    private static func manifest(in name: RepositoryName, _ text: Span<UInt8>) -> RegistryRoute {
        if let digest = Digest(utf8: text) { return .manifest(name, .digest(digest)) }
        let text = String(utf8: text)
        if let tag = Tag(text) { return .manifest(name, .tag(tag)) }
        return text.utf8.contains(UInt8(ascii: ":"))
            ? .invalidDigest(text) : .invalidReference(text)
    }
}

extension RegistryRoute {
    /// The repository that content of is asked for, as the client calls it; nil for all else.
    var repository: RepositoryName? {
        switch self {
        case .manifest(let name, _), .blob(let name, _), .tags(let name), .referrers(let name, _):
            name
        case .alive, .base, .baseWithoutSlash, .catalog, .upload, .invalidName, .invalidReference,
            .invalidDigest, .unknown:
            nil
        }
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && starts(with: text.description.utf8.span)
    }

    fileprivate func starts(with prefix: Span<UInt8>) -> Bool {
        guard prefix.count <= count else { return false }
        for index in 0..<prefix.count where self[index] != prefix[index] { return false }
        return true
    }

    fileprivate func ends(with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return count >= length && extracting(last: length).isEqual(to: text)
    }

    fileprivate func lastSlash(before end: Int) -> Int? {
        var index = end - 1
        while index >= 0 {
            if self[index] == UInt8(ascii: "/") { return index }
            index -= 1
        }
        return nil
    }
}

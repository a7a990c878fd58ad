/// Asks the one of several registries that a repository belongs to, by the name that it has
/// there: see ``UpstreamDirectory``.
public struct UpstreamRouter: UpstreamFetcher {
    private let routes: UpstreamRoutes<any UpstreamFetcher>

    /// Asks `others` for what is stored below their names, and `main` for all else.
    public init(
        main: any UpstreamFetcher, others: [UpstreamName: any UpstreamFetcher]
    ) {
        routes = UpstreamRoutes(main: main, others: others)
    }

    /// Asks the repository's registry.
    public func resolve(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution {
        let (upstream, name) = routes.route(for: repository)
        return try await upstream.resolve(tag, in: name)
    }

    /// Asks the repository's registry.
    public func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest {
        let (upstream, name) = routes.route(for: repository)
        return try await upstream.manifest(reference, in: name)
    }

    /// Asks the repository's registry.
    public func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        let (upstream, name) = routes.route(for: repository)
        return try await upstream.blobInfo(digest, in: name)
    }

    /// Asks the repository's registry.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload {
        let (upstream, name) = routes.route(for: repository)
        return try await upstream.blob(
            digest, in: name, from: offset, to: end, ifStill: validator)
    }

    /// Asks the repository's registry.
    public func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage {
        let (upstream, name) = routes.route(for: repository)
        return try await upstream.tags(in: name, from: position, limit: limit)
    }

    /// Asks the repository's registry.
    public func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage {
        let (upstream, name) = routes.route(for: repository)
        return try await upstream.referrers(to: digest, in: name, from: position)
    }

    /// That of the repository's registry.
    public func outlook(for repository: RepositoryName) -> UpstreamOutlook {
        let (upstream, name) = routes.route(for: repository)
        return upstream.outlook(for: name)
    }

    /// That of the repository's registry.
    public func isAnswering(for repository: RepositoryName) -> Bool {
        let (upstream, name) = routes.route(for: repository)
        return upstream.isAnswering(for: name)
    }
}

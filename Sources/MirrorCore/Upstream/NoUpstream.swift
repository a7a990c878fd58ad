/// Stands where a mirror has no upstream: what is held is served, and nothing is ever fetched.
///
/// ``NeverAsking`` goes with it, so that tags that are held are served as well.
public struct NoUpstream: UpstreamFetcher {
    private static let nothing = UpstreamError(.notFound, "there is no upstream")
    /// What is held answers for lists; what is not there does not.
    private static let nobody = UpstreamError(.unavailable, "there is no upstream")

    /// Makes one; all of them are the same.
    public init() {}

    /// Not found.
    public func resolve(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution { throw Self.nothing }

    /// Not found.
    public func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest { throw Self.nothing }

    /// Not found.
    public func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo { throw Self.nothing }

    /// Not found.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload { throw Self.nothing }

    /// Nobody can say.
    public func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage { throw Self.nobody }

    /// Nobody can say.
    public func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage { throw Self.nobody }

    /// Closed.
    public func outlook(for repository: RepositoryName) -> UpstreamOutlook { .closed }
}

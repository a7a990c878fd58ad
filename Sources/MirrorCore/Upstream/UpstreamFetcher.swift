/// Asks one upstream registry for what a mirror does not hold.
///
/// ### Rules for implementers
/// - One call is one question; authentication, redirects and connections are the fetcher's own
///   business, caching and verification are not: the cache hashes what it is given.
/// - What the upstream does not have is ``UpstreamError/Code/notFound``; it is never confused
///   with an upstream that cannot say.
/// - A call ends, with an answer or an error, within a bounded time, also when the upstream is
///   silent. Cancelling the task ends it early.
///
/// ### What callers may assume
/// Calls may run at the same time, for the same content too; nothing is shared between them.
public protocol UpstreamFetcher: Sendable {
    /// Which manifest `tag` names now. Costs the upstream no pull where it can be avoided.
    func resolve(_ tag: Tag, in repository: RepositoryName)
        async throws(UpstreamError) -> Resolution

    /// The bytes of a manifest, as the upstream serves them.
    func manifest(_ reference: Reference, in repository: RepositoryName)
        async throws(UpstreamError) -> FetchedManifest

    /// Size and type of a blob, without its bytes.
    func blobInfo(_ digest: Digest, in repository: RepositoryName)
        async throws(UpstreamError) -> BlobInfo

    /// The bytes of a blob from `offset` up to `end`, which is at most its size, or to its own
    /// end where that is nil. ``BlobDownload/offset`` says where they begin.
    ///
    /// - Parameter validator: what an earlier download of the blob came with, so that upstream
    ///   sends all of it when it has changed (RFC 9110 section 13.1.5).
    func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload

    /// The tags of a repository, about `limit` of them; nil for `limit` leaves the page's size
    /// to the upstream, and so does a position that is a link.
    func tags(in repository: RepositoryName, from position: ListPosition, limit: Int?)
        async throws(UpstreamError) -> TagPage

    /// The manifests that refer to `digest`, of whatever type; ``UpstreamError/Code/notFound``
    /// where the upstream does not list referrers.
    func referrers(to digest: Digest, in repository: RepositoryName, from position: ListPosition)
        async throws(UpstreamError) -> ReferrerPage

    /// What may be expected of the upstream of `repository` now. Quick, and asks nobody.
    func outlook(for repository: RepositoryName) -> UpstreamOutlook

    /// Whether the upstream of `repository` has shown within the last seconds that it is there
    /// and lets the mirror in, and has not failed since: then what is not held can be had. Quick,
    /// and asks nobody.
    func isAnswering(for repository: RepositoryName) -> Bool
}

extension UpstreamFetcher {
    /// The bytes of a blob from `offset` to its end.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64
    ) async throws(UpstreamError) -> any BlobDownload {
        try await blob(digest, in: repository, from: offset, to: nil, ifStill: nil)
    }

    /// Nothing is known unless the fetcher says so.
    public func outlook(for repository: RepositoryName) -> UpstreamOutlook { .clear }

    /// Not known unless the fetcher says so: it is asked then.
    public func isAnswering(for repository: RepositoryName) -> Bool { false }
}

/// What a tag names at this moment.
public struct Resolution: Sendable {
    /// The manifest's digest.
    public var digest: Digest
    /// The manifest's media type, where upstream states it.
    public var mediaType: MediaType?
    /// The manifest's size in bytes, where upstream states it.
    public var size: Int64?
    /// The manifest itself, where it had to be fetched to learn its digest.
    public var manifest: FetchedManifest?

    /// Names a manifest.
    public init(
        digest: Digest, mediaType: MediaType? = nil, size: Int64? = nil,
        manifest: FetchedManifest? = nil
    ) {
        self.digest = digest
        self.mediaType = mediaType
        self.size = size
        self.manifest = manifest
    }
}

/// A manifest as the upstream served it, not verified yet.
public struct FetchedManifest: Hashable, Sendable {
    /// The exact bytes.
    public var bytes: [UInt8]
    /// What upstream's `Content-Type` says.
    public var mediaType: MediaType

    /// Wraps what was served.
    public init(bytes: [UInt8], mediaType: MediaType) {
        self.bytes = bytes
        self.mediaType = mediaType
    }
}

/// What an upstream says of a blob.
public struct BlobInfo: Hashable, Sendable {
    /// Size in bytes, where upstream states it.
    public var size: Int64?
    /// The blob's media type, where upstream states one.
    public var mediaType: MediaType?

    /// Describes a blob.
    public init(size: Int64?, mediaType: MediaType? = nil) {
        self.size = size
        self.mediaType = mediaType
    }
}

/// Part of a repository's list of tags.
public struct TagPage: Hashable, Sendable {
    /// The tags as upstream spells and orders them.
    public var tags: [String]
    /// Where upstream has more; nil at the end.
    public var next: ListPosition?

    /// Wraps one page.
    public init(tags: [String], next: ListPosition? = nil) {
        self.tags = tags
        self.next = next
    }
}

/// Part of the index of manifests that refer to another.
public struct ReferrerPage: Hashable, Sendable {
    /// An index as the upstream served it.
    public var index: FetchedManifest
    /// Where upstream has more; nil at the end.
    public var next: ListPosition?

    /// Wraps one page.
    public init(index: FetchedManifest, next: ListPosition? = nil) {
        self.index = index
        self.next = next
    }
}

/// The bytes of a blob on their way from upstream. Whoever has room asks for more: that is the
/// back-pressure.
public protocol BlobDownload: AnyObject, Sendable {
    /// Size of the whole blob in bytes, where upstream states it.
    var totalSize: Int64? { get }

    /// What says that a later download is of the same content, where upstream states it: a
    /// strong entity tag (RFC 9110 section 8.8.3).
    var validator: String? { get }

    /// Where in the blob the first byte of this download lies; 0 when upstream ignored the
    /// offset that it was asked for.
    var offset: Int64 { get }

    /// The next bytes, never empty; nil at the end. A body that ends short of what was stated
    /// is an error.
    func next() async throws(UpstreamError) -> [UInt8]?

    /// Ends the download. Calling it after the end does no harm.
    func cancel()

    /// Ends the download as soon as nothing of it is here to be read, so that next to nothing is
    /// lost that was on its way: ``next()`` gives what has come until then, and nil. Whoever
    /// waits in ``next()`` when nothing is here waits no longer.
    ///
    /// A download that cannot tell goes on; that is what it does unless it says otherwise.
    func endWhenIdle()
}

extension BlobDownload {
    /// Goes on.
    public func endWhenIdle() {}
}

/// A question that costs an upstream nothing, to find out whether it answers.
enum UpstreamProbe: Hashable {
    case tag(Tag, in: RepositoryName)
    /// It does not matter whether the digest is that of a blob: no is an answer too.
    case digest(Digest, in: RepositoryName)
    case tags(in: RepositoryName)

    init(_ reference: Reference, in repository: RepositoryName) {
        switch reference {
        case .tag(let tag): self = .tag(tag, in: repository)
        case .digest(let digest): self = .digest(digest, in: repository)
        }
    }

    func ask(_ upstream: any UpstreamFetcher) async throws(UpstreamError) {
        switch self {
        case .tag(let tag, let repository): _ = try await upstream.resolve(tag, in: repository)
        case .digest(let digest, let repository):
            _ = try await upstream.blobInfo(digest, in: repository)
        case .tags(let repository):
            _ = try await upstream.tags(in: repository, from: .start, limit: 1)
        }
    }
}

/// Which tags name a manifest, or have named it, looked up once for each repository: many
/// manifests of one are removed together.
struct TagMentions {
    private struct Mention {
        var tag: Tag
        var isCurrent: Bool
    }

    private var repositories: [RepositoryName: [Digest: [Mention]]] = [:]

    /// The tags that name a manifest.
    mutating func tags(
        naming item: CachedItem, in store: ContentStore
    ) async throws(StorageError) -> [Tag] {
        guard item.kind == .manifest else { return [] }
        return try await mentions(of: item, in: store).filter(\.isCurrent).map(\.tag)
    }

    /// The tags that name a manifest, or have named it.
    mutating func all(
        of item: CachedItem, in store: ContentStore
    ) async throws(StorageError) -> [Tag] {
        try await mentions(of: item, in: store).map(\.tag)
    }

    private mutating func mentions(
        of item: CachedItem, in store: ContentStore
    ) async throws(StorageError) -> [Mention] {
        let mentions =
            if let known = repositories[item.repository] { known } else {
                try await Self.load(item.repository, store)
            }
        repositories[item.repository] = mentions
        return mentions[item.digest] ?? []
    }

    private static func load(
        _ repository: RepositoryName, _ store: ContentStore
    ) async throws(StorageError) -> [Digest: [Mention]] {
        var mentions: [Digest: [Mention]] = [:]
        var last: String?
        while true {
            let page = try await store.tags(in: repository, after: last, limit: 256)
            if page.isEmpty { return mentions }
            for tag in page {
                let current = try await store.digest(of: tag, in: repository)
                var digests = Set(try await store.digestsNamed(by: tag, in: repository))
                if let current { digests.insert(current) }
                for digest in digests {
                    mentions[digest, default: []].append(
                        Mention(tag: tag, isCurrent: digest == current))
                }
            }
            last = page.last?.text
        }
    }
}

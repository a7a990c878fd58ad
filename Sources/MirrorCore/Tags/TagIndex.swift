internal import Synchronization

/// Which tags lead to a manifest: those that name it, and those that have named it, of which the
/// store keeps a trace. By the manifest, so that what goes with it costs the same however many
/// tags there are.
///
/// It may know of tags that lead there no more: what the store says of a tag counts. Of those that
/// another mirror over the same storage writes it learns a little later.
final class TagIndex: Sendable {
    private let tags = Mutex<[RepositoryName: [Digest: Set<Tag>]]>([:])

    /// A tag names a manifest, or has named it.
    func didName(_ name: TagName, _ digest: Digest) {
        tags.withLock { tags in
            _ = tags[name.repository, default: [:]][digest, default: []].insert(name.tag)
        }
    }

    /// The tags that lead to an item, if it is a manifest.
    func tags(leadingTo item: CachedItem) -> Set<Tag> {
        guard item.kind == .manifest else { return [] }
        return tags.withLock { $0[item.repository]?[item.digest] ?? [] }
    }

    /// Forgets the tags that lead to an item: they are about to be removed, or have been.
    ///
    /// - Returns: those tags.
    func take(_ item: CachedItem) -> Set<Tag> {
        guard item.kind == .manifest else { return [] }
        return tags.withLock { tags in
            let taken = tags[item.repository]?.removeValue(forKey: item.digest)
            if tags[item.repository]?.isEmpty == true { tags[item.repository] = nil }
            return taken ?? []
        }
    }

    /// Tags that could not be removed: they lead to an item still.
    func putBack(_ tags: Set<Tag>, leadingTo item: CachedItem) {
        for tag in tags { didName(TagName(repository: item.repository, tag: tag), item.digest) }
    }

    // MARK: What the store has

    private static let pageLimit = 256

    /// Learns of all tags that a store has; not of all of them when the task is cancelled.
    func learn(from store: ContentStore) async throws(StorageError) {
        var last: RepositoryName?
        while true {
            let page = try await store.repositories(after: last, limit: Self.pageLimit)
            if page.isEmpty || Task.isCancelled { return }
            for repository in page { try await learn(repository, from: store) }
            last = page.last
        }
    }

    private func learn(
        _ repository: RepositoryName, from store: ContentStore
    ) async throws(StorageError) {
        var last: String?
        while true {
            let page = try await store.tags(in: repository, after: last, limit: Self.pageLimit)
            if page.isEmpty || Task.isCancelled { return }
            for tag in page {
                let name = TagName(repository: repository, tag: tag)
                if let digest = try await store.digest(of: tag, in: repository) {
                    didName(name, digest)
                }
                for digest in try await store.digestsNamed(by: tag, in: repository) {
                    didName(name, digest)
                }
            }
            last = page.last?.text
        }
    }
}

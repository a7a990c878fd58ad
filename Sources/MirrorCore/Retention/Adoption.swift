/// Finds what the store holds and nobody knows of: all of a directory that another program
/// filled, or what came in the last moments before a crash. Page by page, in the background.
struct Adoption: Sendable {
    private static let pageLimit = 256

    let store: ContentStore
    let knows: @Sendable (CachedItem) -> Bool

    /// Names every unknown item with the digests that it is made of; not all of them when the
    /// task is cancelled.
    func run(
        _ adopt: (CachedItem, [Digest]) -> Void
    ) async throws(StorageError) {
        var last: RepositoryName?
        while true {
            let page = try await store.repositories(
                after: last, limit: Self.pageLimit, holding: .anything)
            if page.isEmpty || Task.isCancelled { return }
            for repository in page {
                for kind in [CachedItem.Kind.manifest, .blob] {
                    for algorithm in Digest.Algorithm.allCases {
                        try await run(kind, in: repository, algorithm, adopt)
                    }
                }
            }
            last = page.last
        }
    }

    private func run(
        _ kind: CachedItem.Kind, in repository: RepositoryName, _ algorithm: Digest.Algorithm,
        _ adopt: (CachedItem, [Digest]) -> Void
    ) async throws(StorageError) {
        var last: String?
        while true {
            let page = try await store.digests(
                of: kind, in: repository, algorithm, after: last, limit: Self.pageLimit)
            if page.isEmpty || Task.isCancelled { return }
            for entry in page {
                guard let digest = Digest("\(algorithm.rawValue):\(entry.name)") else { continue }
                let item = CachedItem(kind, digest, in: repository)
                if knows(item) { continue }
                let needs =
                    kind == .blob ? [] : try await store.manifest(digest)?.children ?? []
                adopt(item, needs)
            }
            last = page.last?.name
        }
    }
}

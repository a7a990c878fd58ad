/// Finds what the store holds and nobody knows of: all of a directory that another program
/// filled, or what came in the last moments before a crash. Page by page, in the background.
struct Adoption: Sendable {
    private static let pageLimit = 256

    let store: ContentStore
    let time: any TimeSource
    let logger: Logger
    let knows: @Sendable (CachedItem) -> Bool
    /// When the reference last fetched what it tells of.
    var lastUses: [CachedItem: WallTime] = [:]
    /// Reads a manifest that a repository has.
    let manifest: ManifestReader

    typealias ManifestReader =
        @Sendable (Digest, RepositoryName) async throws(StorageError) -> Manifest?

    /// Names every unknown item, manifests before the blobs of a repository; not all of them when
    /// the task is cancelled.
    func run(_ adopt: (HeldItem) -> Void) async throws(StorageError) {
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
        _ adopt: (HeldItem) -> Void
    ) async throws(StorageError) {
        var last: String?
        while true {
            let page = try await store.digests(
                of: kind, in: repository, algorithm, after: last, limit: Self.pageLimit)
            if page.isEmpty || Task.isCancelled { return }
            for entry in page {
                guard let digest = Digest("\(algorithm.rawValue):\(entry.name)") else { continue }
                let item = CachedItem(kind, digest, in: repository)
                if !knows(item) { adopt(await found(item)) }
            }
            last = page.last?.name
        }
    }

    /// What can be said of an item that is found. It counts as used now, unless the reference
    /// tells of it; what cannot be read cannot be served either, and goes like anything else.
    private func found(_ item: CachedItem) async -> HeldItem {
        let now = time.now
        var held = HeldItem(item, storedAt: now, lastUse: now)
        do throws(StorageError) {
            if let info = try await store.info(item.digest) {
                held.size = info.size
                held.storedAt = min(now, info.writtenAt ?? now)
            }
            // It was not used before it was there.
            if let lastUse = lastUses[item] { held.lastUse = min(now, max(lastUse, held.storedAt)) }
            if item.kind == .manifest {
                held.needs = try await manifest(item.digest, item.repository)?.children ?? []
            }
        } catch {
            logger.warning(
                "content that is held cannot be read", LogField("digest", item.digest.text),
                LogField("repository", item.repository.text), LogField("error", "\(error)"))
        }
        return held
    }
}

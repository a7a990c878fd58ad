/// Removes bytes that no repository has and no held manifest needs: what a crash left between a
/// blob and its link, or another program left behind.
struct OrphanSweep: Sendable {
    /// What was written less long ago stays: its link may be on its way, in whatever process.
    private static let ageLimit = Duration.seconds(24 * 3600)
    private static let pageLimit = 256
    /// Orphans looked for at a time.
    private static let batchLimit = 1024

    let store: ContentStore
    let holdings: Holdings
    let fills: FillTable
    let turns: DigestTurns
    /// Names all that repositories have, read anew.
    let everything: Adoption
    let time: any TimeSource
    let logger: Logger

    /// Looks at what is held behind `last`. Everything that is held has to be known.
    ///
    /// - Returns: how far it came; nil when nothing is left to look at.
    func run(after last: Digest?) async throws(StorageError) -> Digest? {
        var orphans: Set<Digest> = []
        let end = try await collect(&orphans, after: last)
        if orphans.isEmpty { return end }
        // Not every scheduler has to be told of all there is.
        try await everything.run { held in
            orphans.remove(held.item.digest)
            orphans.subtract(held.needs)
        }
        guard !Task.isCancelled, let turn = await store.beginEviction() else { return last }
        let outcome = await remove(orphans)
        await turn.end()
        try outcome.get()
        return end
    }

    private func collect(
        _ orphans: inout Set<Digest>, after last: Digest?
    ) async throws(StorageError) -> Digest? {
        var last = last
        while orphans.count < Self.batchLimit {
            let page = try await store.heldDigests(after: last, limit: Self.pageLimit)
            for digest in page where try await isOrphan(digest) { orphans.insert(digest) }
            if page.count < Self.pageLimit || Task.isCancelled { return nil }
            last = page.last
        }
        return last
    }

    private func isOrphan(_ digest: Digest) async throws(StorageError) -> Bool {
        guard !isWanted(digest), let writtenAt = try await store.info(digest)?.writtenAt
        else { return false }
        return time.now - writtenAt >= Self.ageLimit
    }

    private func isWanted(_ digest: Digest) -> Bool {
        holdings.contains(digest) || fills.contains(digest)
    }

    private func remove(_ orphans: Set<Digest>) async -> Result<Void, StorageError> {
        for digest in orphans {
            do throws(StorageError) {
                try await turns.run(digest) { () async throws(StorageError) in
                    guard !isWanted(digest), try await !store.isInUse(digest) else { return }
                    try await store.removeData(digest)
                    logger.info(
                        "bytes that no repository has were removed",
                        LogField("digest", digest.text))
                }
            } catch {
                return .failure(error)
            }
        }
        return .success(())
    }
}

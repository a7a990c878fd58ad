/// Carries fills out: in their turn, from their beginning to the links of those who wanted them.
final class FillRunner: Sendable {
    /// Rung when a blob is left unfinished, to be gone on with later.
    let leftovers = Bell()
    private let context: CacheContext
    private let fills: FillTable
    private let turns: Slots<FillClass>

    init(_ context: CacheContext, fills: FillTable) {
        self.context = context
        self.fills = fills
        turns = Slots(concurrency: context.limits.fills, time: context.time)
    }

    /// What became of fills.
    var counters: FillCounters { context.fillCounters }

    /// The fill of a blob, and whether it has just been begun.
    ///
    /// - Parameter isConfirmed: whether the repository's upstream has said that it has the blob.
    /// - Returns: nil when a fill is under way for other repositories, and nothing is confirmed.
    func join(
        _ item: CachedItem, _ demand: FillDemand, isConfirmed: Bool
    ) -> (fill: Fill, isNew: Bool)? {
        fills.join(
            item.digest, for: item.repository, demand: demand, isConfirmed: isConfirmed
        ) { [self] fill in
            await run(fill, for: item.repository, into: nil, isConfirmed: isConfirmed)
        }
    }

    /// Goes on with a blob that an earlier process left unfinished, and waits for its end.
    ///
    /// - Parameter upload: what is there of it.
    /// - Returns: whether nothing is left unfinished.
    func takeUp(_ item: CachedItem, with upload: any StorageUpload) async -> Bool {
        let joined = UpstreamPriority.$current.withValue(.background) {
            fills.join(
                item.digest, for: item.repository, demand: .unawaited, isConfirmed: false
            ) { [self] fill in
                await run(fill, for: item.repository, into: upload, isConfirmed: false)
            }
        }
        guard let joined, joined.isNew else {
            // Somebody wants it since, and waits for it.
            await upload.suspend()
            return false
        }
        context.logger.info(
            "an unfinished blob is taken up", LogField("digest", item.digest.text),
            LogField("repository", item.repository.text), LogField("size", upload.size))
        await joined.fill.wait { $0.hasEnded }
        return !joined.fill.hasFailed
    }

    private func run(
        _ fill: Fill, for repository: RepositoryName, into upload: (any StorageUpload)?,
        isConfirmed: Bool
    ) async {
        let site = FillSite(fill, for: repository, context)
        do throws(MirrorError) {
            let turn = try await turn(upload)
            defer { turn.giveBack() }
            let filler = Filler(site: site, isConfirmed: isConfirmed)
            if case .notStored(let object) = try await filler.run(into: upload) {
                if let object { keep(object, of: fill) }
                counters.ended.add(1, .passed)
                return fills.drop(fill)
            }
        } catch {
            // Taken out first: whoever is told of the failure may ask anew at once.
            fills.drop(fill)
            fill.update { $0.didFail(error) }
            counters.ended.add(1, .failed)
            leftovers.ring()
            return
        }
        counters.ended.add(1, .stored)
        await linkAll(fill, site)
    }

    /// Links a blob that is stored for everybody who wanted it.
    private func linkAll(_ fill: Fill, _ site: FillSite) async {
        var linked: Set<RepositoryName> = []
        var isComplete = true
        repeat {
            for repository in fill.wantedBy.subtracting(linked) {
                let item = CachedItem(.blob, fill.digest, in: repository)
                isComplete = await link(item) && isComplete
                linked.insert(repository)
            }
        } while !fills.end(fill, linkedIn: linked)
        if isComplete { return await site.tracer.remove() }
        await site.tracer.writeUnlinked()
        leftovers.ring()
    }

    /// Says on disk that a repository has a blob; false where that cannot be said.
    func link(_ item: CachedItem) async -> Bool {
        do throws(StorageError) {
            try await context.turns.run(item.digest) { () async throws(StorageError) in
                try await context.store.link(blob: item.digest, in: item.repository)
                let size = try await context.store.info(item.digest)?.size
                context.retention.didStore(item, size: size ?? 0)
            }
            return true
        } catch {
            context.logger.error(
                "blob cannot be linked", LogField("digest", item.digest.text),
                LogField("repository", item.repository.text), LogField("error", "\(error)"))
            return false
        }
    }

    private func keep(_ object: any StoredObject, of fill: Fill) {
        context.memory.keep(
            object, as: fill.digest, for: fill.wantedBy, at: context.time.now)
        // It is let go of after a while.
        leftovers.ring()
    }

    /// Waits until a fill may be carried out beside the others.
    private func turn(_ upload: (any StorageUpload)?) async throws(MirrorError) -> Slot {
        if let turn = await turns.take(FillClass(UpstreamPriority.current)) { return turn }
        await upload?.suspend()
        throw MirrorError(
            .unavailable,
            "\(context.limits.fills) blobs are being fetched, as many as may be at once",
            retryAfter: FillClass.waitTimeout)
    }

    /// Ends all fills, with whole blobs stored.
    func stop() async {
        await fills.stop()
    }
}

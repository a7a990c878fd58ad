/// Blobs: from what is open, from the store, from a fill under way, from a new fill.
final class BlobService: Sendable {
    private let context: CacheContext
    private let fills: FillTable
    private let atHand: BlobsAtHand
    private let questions: BlobQuestions
    private let runner: FillRunner

    init(
        _ context: CacheContext, fills: FillTable, runner: FillRunner, atHand: BlobsAtHand,
        questions: BlobQuestions
    ) {
        self.context = context
        self.fills = fills
        self.runner = runner
        self.atHand = atHand
        self.questions = questions
    }

    func blob(
        _ digest: Digest, in repository: RepositoryName, _ demand: BlobDemand
    ) async throws(MirrorError) -> Answer<any ContentSource> {
        let item = CachedItem(.blob, digest, in: repository)
        if let content = openContent(of: item) {
            used(content, item)
            return Answer(content, .hit)
        }
        if let content = inMemory(item) { return Answer(content, .hit) }
        if let fill = fills.fill(of: digest), fill.wantedBy.contains(repository) {
            return try await follow(item, demand)
        }
        if let content = await held(item) {
            used(content, item)
            return Answer(content, .hit)
        }
        context.misses.add(item)
        // Looked up again: somebody may have begun its fill since.
        if let fill = fills.fill(of: digest) {
            return try await fill.wantedBy.contains(repository)
                ? follow(item, demand) : shared(item, demand)
        }
        if await isStored(digest) { return try await shared(item, demand) }
        return try await follow(item, demand)
    }

    func info(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<BlobInfo> {
        let item = CachedItem(.blob, digest, in: repository)
        if let content = openContent(of: item) {
            used(content, item)
            return Answer(BlobInfo(size: content.size), .hit)
        }
        if let content = inMemory(item) { return Answer(BlobInfo(size: content.size), .hit) }
        if let fill = fills.fill(of: digest), fill.wantedBy.contains(repository),
            let size = fill.size
        {
            return Answer(BlobInfo(size: size), .coalesced)
        }
        if let content = await held(item) {
            used(content, item)
            return Answer(BlobInfo(size: content.size), .hit)
        }
        context.misses.add(item)
        do {
            let (info, isShared) = try await ask(item)
            return Answer(info, isShared ? .coalesced : .miss)
        } catch {
            guard isVouched(for: item, after: error) else { throw error }
            if let size = fills.fill(of: item.digest)?.size {
                return Answer(BlobInfo(size: size), .coalesced)
            }
            guard await isStored(item.digest), let content = await claim(item) else { throw error }
            return Answer(BlobInfo(size: content.size), .hit)
        }
    }

    // MARK: What is held

    /// What is open already.
    private func openContent(of item: CachedItem) -> StoredContent? {
        let content = atHand.content(for: item)
        context.counters.didLook(found: content != nil)
        return content
    }

    /// What the store has for this repository.
    private func held(_ item: CachedItem) async -> StoredContent? {
        await reading { () async throws(StorageError) in
            guard try await context.store.isLinked(blob: item.digest, in: item.repository)
            else { return nil }
            return try await open(item)
        }
    }

    /// A store that fails has nothing.
    private func reading(
        _ work: () async throws(StorageError) -> StoredContent?
    ) async -> StoredContent? {
        do { return try await work() } catch {
            context.logger.error("storage cannot be read", LogField("error", "\(error)"))
            return nil
        }
    }

    /// What the store has, whichever repository it was fetched for, at hand for this one from now
    /// on.
    private func open(_ item: CachedItem) async throws(StorageError) -> StoredContent? {
        guard let object = try await context.sound.blob(item.digest, for: item.repository)
        else { return nil }
        let content = StoredContent(object, reads: context.reads)
        atHand.insert(content, for: item)
        // It may have been found damaged while it was being opened here.
        return content.isSound ? content : nil
    }

    /// What the storage did not take lately.
    private func inMemory(_ item: CachedItem) -> StoredContent? {
        context.memory.content(of: item.digest, in: item.repository, at: context.time.now)
    }

    /// Whether some repository has it.
    private func isStored(_ digest: Digest) async -> Bool {
        if context.memory.contains(digest, at: context.time.now) { return true }
        let object = try? await context.sound.blob(digest)
        return object != nil
    }

    // MARK: What another repository has

    /// A blob that is held, or being filled, for another repository is not downloaded again, but
    /// this repository gets it only when it is known to have it.
    private func shared(
        _ item: CachedItem, _ demand: BlobDemand
    ) async throws(MirrorError) -> Answer<any ContentSource> {
        let status = try await confirm(item)
        if fills.contains(item.digest) { return try await confirmedFill(item, demand) }
        guard let content = await claim(item) else { return try await confirmedFill(item, demand) }
        return Answer(content, status)
    }

    /// Finds out that a repository has a blob, or throws.
    private func confirm(_ item: CachedItem) async throws(MirrorError) -> CacheStatus {
        do {
            _ = try await ask(item)
            return .revalidated
        } catch {
            guard isVouched(for: item, after: error) else { throw error }
            context.logger.info(
                "upstream cannot say whether a repository has a blob; a manifest of it does",
                LogField("digest", item.digest.text),
                LogField("repository", item.repository.text), LogField("error", error.reason))
            return .hit
        }
    }

    /// Whether a held manifest of a repository says that it has a blob, where upstream cannot.
    private func isVouched(for item: CachedItem, after error: MirrorError) -> Bool {
        !error.isOfRepository && context.retention.isNeeded(item.digest, in: item.repository)
    }

    /// What is held for another repository, for this one as well from now on, which is known to
    /// have it. It is given even when that cannot be written down.
    private func claim(_ item: CachedItem) async -> StoredContent? {
        let memory = context.memory.content(
            of: item.digest, confirmedFor: item.repository, at: context.time.now)
        if let memory { return memory }
        _ = await runner.link(item)
        return await reading { () async throws(StorageError) in try await open(item) }
    }

    private func ask(
        _ item: CachedItem
    ) async throws(MirrorError) -> (value: BlobInfo, isShared: Bool) {
        do throws(UpstreamError) {
            return try await questions.info(of: item)
        } catch {
            throw MirrorError(error)
        }
    }

    private func used(_ content: StoredContent, _ item: CachedItem) {
        let now = context.time.now
        if content.use.isDue(at: now) { context.retention.didUse(item, at: now) }
    }

    // MARK: Fills

    /// Reads along with the fill for this repository, or begins it.
    private func follow(
        _ item: CachedItem, _ demand: BlobDemand
    ) async throws(MirrorError) -> Answer<any ContentSource> {
        guard let joined = runner.join(item, FillDemand(demand), isConfirmed: false) else {
            // Another repository's fill has begun since nobody was found to have the blob.
            return try await shared(item, demand)
        }
        return try await read(joined.fill, isNew: joined.isNew, item, demand)
    }

    /// Reads along with whoever's fill of a blob that upstream says this repository has.
    private func confirmedFill(
        _ item: CachedItem, _ demand: BlobDemand
    ) async throws(MirrorError) -> Answer<any ContentSource> {
        guard let joined = runner.join(item, FillDemand(demand), isConfirmed: true) else {
            preconditionFailure("a confirmed repository may join any fill")
        }
        return try await read(joined.fill, isNew: joined.isNew, item, demand)
    }

    private func read(
        _ fill: Fill, isNew: Bool, _ item: CachedItem, _ demand: BlobDemand
    ) async throws(MirrorError) -> Answer<any ContentSource> {
        do {
            try await fill.opened()
        } catch {
            if error.isOfStorage { return Answer(try await passThrough(item), .miss) }
            // What upstream denies to the repository that began says nothing of this one.
            guard error.isOfRepository, fill.origin != item.repository else { throw error }
            return try await shared(item, demand)
        }
        if isNew { context.retention.requestEviction() }
        let reader = FillReader(fill, in: item.repository, context)
        return Answer(reader, isNew ? .miss : .coalesced)
    }

    /// The storage takes nothing: the client gets the blob all the same.
    private func passThrough(_ item: CachedItem) async throws(MirrorError) -> PassThrough {
        let (info, _) = try await ask(item)
        return PassThrough(
            item.digest, in: item.repository, size: info.size, from: context.upstream)
    }
}

/// Tags: what they name now, as far as upstream can say.
final class TagService: Sendable {
    private let context: CacheContext
    private let manifests: ManifestService
    private let freshness: any FreshnessChecker
    private let table = TagTable()
    private let questions = SingleFlight<TagName, Resolution, UpstreamError>()
    private let refreshes = SingleFlight<TagName, Void, MirrorError>()
    private let completions = SingleFlight<CachedItem, Void, MirrorError>()

    init(
        _ context: CacheContext, manifests: ManifestService, freshness: any FreshnessChecker
    ) {
        self.context = context
        self.manifests = manifests
        self.freshness = freshness
    }

    // MARK: Answers

    func manifest(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Manifest> {
        let name = TagName(repository: repository, tag: tag)
        return try await manifest(name, try await find(name))
    }

    /// The manifest that a tag was found to name, from the store or from upstream.
    private func manifest(
        _ name: TagName, _ found: Found
    ) async throws(MirrorError) -> Answer<Manifest> {
        if let manifest = await manifests.held(found.digest, in: name.repository) {
            await follow(name, found, to: manifest)
            return Answer(manifest, found.status, warning: found.warning)
        }
        let answer: Answer<Manifest>
        do {
            answer = try await fetch(found, in: name.repository)
        } catch {
            guard let stale = await stale(name, found.record, after: UpstreamError(error)),
                let manifest = await manifests.held(stale.digest, in: name.repository)
            else { throw error }
            return Answer(manifest, stale.status, warning: stale.warning)
        }
        await follow(name, found, to: answer.content)
        return Answer(answer.content, answer.status, warning: found.warning)
    }

    private func fetch(
        _ found: Found, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Manifest> {
        if let fetched = found.resolution?.manifest {
            let manifest = try await manifests.keep(fetched, as: found.digest, in: repository)
            return Answer(manifest, .miss)
        }
        return try await manifests.manifest(found.digest, in: repository)
    }

    func descriptor(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Descriptor> {
        let name = TagName(repository: repository, tag: tag)
        let found = try await find(name)
        if let manifest = await manifests.held(found.digest, in: repository) {
            await follow(name, found, to: manifest)
            return Answer(manifest.descriptor, found.status, warning: found.warning)
        }
        guard let size = found.resolution?.size, let type = found.resolution?.mediaType else {
            return try await manifest(name, found).map(\.descriptor)
        }
        table.expect(name, toName: found.digest)
        return Answer(
            Descriptor(mediaType: type, digest: found.digest, size: size), .miss,
            warning: found.warning)
    }

    /// A manifest was fetched by its digest: tags that were found to name it do so on disk from
    /// now on, since what they name is held.
    func didFetch(_ manifest: Manifest, in repository: RepositoryName) async {
        for tag in table.takeExpected(manifest.digest, in: repository) {
            await write(TagName(repository: repository, tag: tag), manifest.digest)
        }
    }

    /// Somebody pulls blobs of a repository. A client that has a manifest from elsewhere asks
    /// for its blobs only; the manifests it was told of are fetched behind it, so that what is
    /// held is a whole image.
    func didPullBlob(in repository: RepositoryName) {
        for digest in table.expected(in: repository) {
            completions.begin(CachedItem(.manifest, digest, in: repository)) {
                [self] () async throws(MirrorError) in
                let manifest = try await manifests.manifest(digest, in: repository).content
                await didFetch(manifest, in: repository)
            }
        }
    }

    func tags(
        in repository: RepositoryName, after last: String?, limit: Int?
    ) async throws(MirrorError) -> Answer<TagPage> {
        do throws(UpstreamError) {
            return Answer(
                try await context.upstream.tags(in: repository, after: last, limit: limit), .miss)
        } catch {
            let limit = limit ?? 1000
            let held =
                (try? await context.store.tags(in: repository, after: last, limit: limit + 1)) ?? []
            guard !held.isEmpty || last != nil else { throw MirrorError(error) }
            let page = TagPage(
                tags: held.prefix(limit).map(\.text), hasMore: held.count > limit)
            return Answer(page, .stale, warning: Self.warning(error))
        }
    }

    // MARK: What a tag names

    /// What a tag was found to name, and how.
    private struct Found {
        var digest: Digest
        var status: CacheStatus
        var warning: String?
        var resolution: Resolution?
        /// What it named on disk before.
        var record: TagRecord?
    }

    private func find(_ name: TagName) async throws(MirrorError) -> Found {
        guard let record = await record(name) else { return try await ask(name, record: nil) }
        let outlook = context.upstream.outlook(for: name.repository)
        switch freshness.decision(on: record, at: context.time.now, outlook: outlook) {
        case .serve: return Found(digest: record.digest, status: .hit, record: record)
        case .serveAndRefresh:
            refreshes.begin(name) { [self] () async throws(MirrorError) in
                try await refresh(record, name)
            }
            return Found(digest: record.digest, status: .hit, record: record)
        case .ask: return try await ask(name, record: record)
        }
    }

    /// Asks upstream behind the client's back. A tag that has moved is followed, so that the
    /// next client gets what it names now.
    private func refresh(_ record: TagRecord, _ name: TagName) async throws(MirrorError) {
        _ = try await manifest(name, try await ask(name, record: record))
    }

    private func ask(
        _ name: TagName, record: TagRecord?
    ) async throws(MirrorError) -> Found {
        do throws(UpstreamError) {
            let (resolution, isShared) = try await questions.value(for: name, question(name))
            let isSame = resolution.digest == record?.digest
            return Found(
                digest: resolution.digest,
                status: isSame ? .revalidated : isShared ? .coalesced : .miss,
                resolution: resolution, record: record)
        } catch {
            guard let stale = await stale(name, record, after: error) else {
                throw MirrorError(error)
            }
            return stale
        }
    }

    /// What a tag named before, if it is held and may be served after `error`.
    private func stale(
        _ name: TagName, _ record: TagRecord?, after error: UpstreamError
    ) async -> Found? {
        guard let record, freshness.mayServe(record, after: error, at: context.time.now),
            await manifests.held(record.digest, in: name.repository) != nil
        else { return nil }
        context.logger.warning(
            "upstream cannot give what a tag names now; what is held is served",
            LogField("repository", name.repository.text), LogField("tag", name.tag.text),
            LogField("error", error.reason))
        return Found(
            digest: record.digest, status: .stale, warning: Self.warning(error), record: record)
    }

    private func question(
        _ name: TagName
    ) -> @Sendable () async throws(UpstreamError) -> Resolution {
        { [context, table] () async throws(UpstreamError) in
            let resolution = try await context.upstream.resolve(name.tag, in: name.repository)
            table.didCheck(name, resolution.digest, at: context.time.now)
            return resolution
        }
    }

    private static func warning(_ error: UpstreamError) -> String {
        "this may not be current: \(error.reason)"
    }

    // MARK: What was known before

    private func record(_ name: TagName) async -> TagRecord? {
        guard
            let digest = try? await context.store.digest(of: name.tag, in: name.repository)
        else { return nil }
        let checkedAt = table.checkedAt(name, naming: digest)
        return TagRecord(
            repository: name.repository, tag: name.tag, digest: digest, checkedAt: checkedAt)
    }

    /// Writes down what a tag names, where that is news; its manifest is held by now.
    private func follow(_ name: TagName, _ found: Found, to manifest: Manifest) async {
        if found.record?.digest != manifest.digest { await write(name, manifest.digest) }
    }

    private func write(_ name: TagName, _ digest: Digest) async {
        do throws(StorageError) {
            try await context.store.set(name.tag, to: digest, in: name.repository)
        } catch {
            context.logger.error(
                "tag cannot be stored", LogField("repository", name.repository.text),
                LogField("tag", name.tag.text), LogField("error", "\(error)"))
        }
    }
}

extension UpstreamError {
    /// What upstream must have said for a mirror to say this.
    fileprivate init(_ error: MirrorError) {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .denied: .denied
            case .rateLimited: .rateLimited
            case .unavailable: .unavailable
            case .invalid: .invalid
            }
        self.init(code, error.reason, retryAfter: error.retryAfter)
    }
}

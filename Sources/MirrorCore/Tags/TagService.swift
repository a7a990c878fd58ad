/// Tags: the manifests that they name now, as far as upstream can say.
final class TagService: Sendable {
    private let context: CacheContext
    private let manifests: ManifestService
    private let held: HeldManifests
    private let admission: ManifestAdmission
    private let records: TagRecords
    private let resolver: TagResolver
    private let expectations = TagExpectations()
    private let refreshes = SingleFlight<TagName, Void, MirrorError>()
    private let completions = SingleFlight<CachedItem, Void, MirrorError>()

    init(
        _ context: CacheContext, manifests: ManifestService, held: HeldManifests,
        admission: ManifestAdmission, freshness: any FreshnessChecker, records: TagRecords
    ) {
        self.context = context
        self.manifests = manifests
        self.held = held
        self.admission = admission
        self.records = records
        resolver = TagResolver(context, manifests: held, freshness: freshness, records: records)
    }

    // MARK: Answers

    func manifest(
        _ tag: Tag, in repository: RepositoryName, for demand: ManifestDemand
    ) async throws(MirrorError) -> Answer<Manifest> {
        let name = TagName(repository: repository, tag: tag)
        return try await manifest(name, try await find(name), for: demand)
    }

    func descriptor(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Descriptor> {
        let name = TagName(repository: repository, tag: tag)
        let found = try await find(name)
        guard found.manifest == nil, let resolution = found.resolution,
            let size = resolution.size, let type = resolution.mediaType
        else { return try await manifest(name, found, for: .text).map(\.descriptor) }
        expectations.expect(name, toName: found.digest)
        return Answer(Descriptor(mediaType: type, digest: found.digest, size: size), .miss)
    }

    private func find(_ name: TagName) async throws(MirrorError) -> FoundTag {
        let found = try await resolver.find(name)
        if found.isRefreshDue { refresh(name) }
        return found
    }

    /// The manifest that a tag was found to name, from the store or from upstream.
    private func manifest(
        _ name: TagName, _ found: FoundTag, for demand: ManifestDemand
    ) async throws(MirrorError) -> Answer<Manifest> {
        if let manifest = found.manifest {
            await follow(name, found)
            return try await answer(manifest, found, for: demand)
        }
        let answer: Answer<Manifest>
        do {
            answer = try await fetch(found, in: name.repository)
        } catch {
            guard let stale = resolver.stale(name, found.held, after: UpstreamError(error)),
                let manifest = stale.manifest
            else { throw error }
            return try await self.answer(manifest, stale, for: demand)
        }
        await follow(name, found)
        return answer
    }

    /// What is held of a tag.
    private func answer(
        _ manifest: HeldManifest, _ found: FoundTag, for demand: ManifestDemand
    ) async throws(MirrorError) -> Answer<Manifest> {
        // Who has just said what a tag names can be asked for the rest.
        if demand == .image, found.resolution == nil {
            try await admission.admit(manifest, after: found.failure)
        }
        held.didUse(manifest)
        return Answer(
            manifest.manifest, found.status, age: found.age, warning: found.warning)
    }

    private func fetch(
        _ found: FoundTag, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Manifest> {
        if let fetched = found.resolution?.manifest {
            let manifest = try await manifests.keep(fetched, as: found.digest, in: repository)
            return Answer(manifest, .miss)
        }
        return try await manifests.manifest(found.digest, in: repository, for: .text)
    }

    /// Writes down what a tag names, where that is news; its manifest is held by now.
    private func follow(_ name: TagName, _ found: FoundTag) async {
        if found.held?.record.digest != found.digest { await records.write(name, found.digest) }
    }

    // MARK: Behind the clients' backs

    /// Asks upstream although a client has been answered. A tag that has moved is followed, so
    /// that the next client gets what it names now.
    private func refresh(_ name: TagName) {
        UpstreamPriority.$current.withValue(.background) {
            refreshes.begin(name) { [self] () async throws(MirrorError) in
                _ = try await manifest(name, try await resolver.ask(name), for: .text)
            }
        }
    }

    /// A manifest was fetched by its digest: tags that were found to name it do so on disk from
    /// now on, since what they name is held.
    func didFetch(_ manifest: Manifest, in repository: RepositoryName) async {
        for tag in expectations.take(manifest.digest, in: repository) {
            await records.write(TagName(repository: repository, tag: tag), manifest.digest)
        }
    }

    /// Somebody pulls blobs of a repository. A client that has a manifest from elsewhere asks
    /// for its blobs only; the manifests it was told of are fetched behind it, so that what is
    /// held is a whole image.
    func didPullBlob(in repository: RepositoryName) {
        let digests = expectations.digests(in: repository)
        if digests.isEmpty { return }
        UpstreamPriority.$current.withValue(.background) {
            for digest in digests {
                completions.begin(CachedItem(.manifest, digest, in: repository)) {
                    [self] () async throws(MirrorError) in
                    let manifest = try await manifests.manifest(
                        digest, in: repository, for: .text
                    ).content
                    await didFetch(manifest, in: repository)
                }
            }
        }
    }

    // MARK: Lists

    func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(MirrorError) -> Answer<TagPage> {
        do throws(UpstreamError) {
            let page = try await context.upstream.tags(
                in: repository, from: position, limit: limit)
            return Answer(page.narrowed(from: position, limit: limit), .miss)
        } catch {
            guard let page = await heldTags(in: repository, from: position, limit: limit ?? 1000)
            else { throw MirrorError(error) }
            return Answer(page, .stale, warning: TagResolver.warning(error.reason))
        }
    }

    /// The tags that are held; nil when there are none, or where only upstream knows which come
    /// next.
    private func heldTags(
        in repository: RepositoryName, from position: ListPosition, limit: Int
    ) async -> TagPage? {
        let last: String?
        switch position {
        case .start: last = nil
        case .behind(let entry): last = entry
        case .link: return nil
        }
        let held = try? await context.store.tags(in: repository, after: last, limit: limit + 1)
        guard let held, !held.isEmpty || last != nil else { return nil }
        let tags = held.prefix(limit).map(\.text)
        return TagPage(
            tags: tags, next: held.count > limit ? tags.last.map { .behind($0) } : nil)
    }
}

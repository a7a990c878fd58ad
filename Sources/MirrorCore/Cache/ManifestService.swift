/// Manifests by digest: from memory, from the store, from upstream.
final class ManifestService: Sendable {
    private let context: CacheContext
    private let atHand: ManifestsAtHand
    private let fetches = SingleFlight<CachedItem, Manifest, MirrorError>()

    init(_ context: CacheContext, atHand: ManifestsAtHand) {
        self.context = context
        self.atHand = atHand
    }

    func manifest(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Manifest> {
        if let manifest = await held(digest, in: repository) { return Answer(manifest, .hit) }
        let item = CachedItem(.manifest, digest, in: repository)
        let (manifest, isShared) = try await fetches.value(for: item) {
            [self] () async throws(MirrorError) in
            // Another fetch may have ended since nobody was found to have it.
            if let manifest = atHand.entry(for: item)?.manifest { return manifest }
            return try await fetch(item)
        }
        return Answer(manifest, isShared ? .coalesced : .miss)
    }

    /// The manifest, if a repository has it; a store that fails has nothing.
    func held(_ digest: Digest, in repository: RepositoryName) async -> Manifest? {
        let manifest = await look(for: digest, in: repository)
        if manifest != nil { didUse(digest, in: repository) }
        return manifest
    }

    /// A manifest that is held was given to somebody.
    func didUse(_ digest: Digest, in repository: RepositoryName) {
        let item = CachedItem(.manifest, digest, in: repository)
        let now = context.time.now
        if atHand.entry(for: item)?.use.isDue(at: now) ?? true {
            context.retention.didUse(item, at: now)
        }
    }

    /// The manifest, if a repository has it, which is no use of it yet.
    func look(for digest: Digest, in repository: RepositoryName) async -> Manifest? {
        let item = CachedItem(.manifest, digest, in: repository)
        let entry = atHand.entry(for: item)
        context.counters.didLook(found: entry != nil)
        if let entry { return entry.manifest }
        do throws(StorageError) {
            guard let manifest = try await context.sound.manifest(digest, in: repository) else {
                return nil
            }
            atHand.insert(manifest, for: item)
            return manifest
        } catch {
            context.logger.error("storage cannot be read", LogField("error", "\(error)"))
            return nil
        }
    }

    private func fetch(_ item: CachedItem) async throws(MirrorError) -> Manifest {
        let fetched: FetchedManifest
        do throws(UpstreamError) {
            fetched = try await context.upstream.manifest(
                .digest(item.digest), in: item.repository)
        } catch {
            throw MirrorError(error)
        }
        return try await keep(fetched, as: item.digest, in: item.repository)
    }

    /// Proves what was fetched and keeps it. It is served even when it cannot be kept.
    func keep(
        _ fetched: FetchedManifest, as digest: Digest, in repository: RepositoryName
    ) async throws(MirrorError) -> Manifest {
        guard Digest(of: fetched.bytes, by: digest.algorithm) == digest else {
            throw MirrorError(.invalid, "upstream's manifest does not have the digest \(digest)")
        }
        guard
            let manifest = Manifest(
                bytes: fetched.bytes, digest: digest, statedType: fetched.mediaType)
        else { throw MirrorError(.invalid, "upstream's manifest is not a JSON object") }
        let item = CachedItem(.manifest, digest, in: repository)
        do throws(StorageError) {
            try await context.turns.run(digest) { () async throws(StorageError) in
                try await context.store.put(manifest, in: repository)
                context.sound.didStore(manifest)
                context.retention.didStore(
                    item, size: Int64(manifest.bytes.count), needs: manifest.children)
            }
        } catch {
            context.logger.error(
                "manifest cannot be stored; it is passed on all the same",
                LogField("digest", digest.text), LogField("error", "\(error)"))
        }
        atHand.insert(manifest, for: item)
        return manifest
    }
}

extension Manifest {
    /// What describes it.
    var descriptor: Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count))
    }
}

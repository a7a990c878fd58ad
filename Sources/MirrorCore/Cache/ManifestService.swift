/// Manifests by digest: what is held, else from upstream.
final class ManifestService: Sendable {
    private let context: CacheContext
    private let held: HeldManifests
    private let admission: ManifestAdmission
    private let fetches = SingleFlight<CachedItem, Manifest, MirrorError>()

    init(_ context: CacheContext, held: HeldManifests, admission: ManifestAdmission) {
        self.context = context
        self.held = held
        self.admission = admission
    }

    func manifest(
        _ digest: Digest, in repository: RepositoryName, for demand: ManifestDemand
    ) async throws(MirrorError) -> Answer<Manifest> {
        let item = CachedItem(.manifest, digest, in: repository)
        if let found = await held.look(for: item) {
            if demand == .image { try await admission.admit(found) }
            held.didUse(found)
            return Answer(found.manifest, .hit)
        }
        let (manifest, isShared) = try await fetches.value(for: item) {
            [self] () async throws(MirrorError) in
            // Another fetch may have ended since nobody was found to have it.
            if let found = held.atHand.manifest(for: item) { return found.manifest }
            return try await fetch(item)
        }
        return Answer(manifest, isShared ? .coalesced : .miss)
    }

    private func fetch(_ item: CachedItem) async throws(MirrorError) -> Manifest {
        context.misses.add(item)
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
        held.atHand.insert(manifest, for: item)
        return manifest
    }
}

extension Manifest {
    /// What describes it.
    var descriptor: Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count))
    }
}

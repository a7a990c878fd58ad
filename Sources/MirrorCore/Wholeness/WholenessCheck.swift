/// Looks whether a manifest is held with all that whoever pulls by it needs.
///
/// An image needs its blobs, but for what clients have from elsewhere. An index needs one of its
/// manifests to be held and whole: nobody pulls all platforms. What lists nothing is whole.
struct WholenessCheck: Sendable {
    /// Indexes in indexes that are looked into; what lies deeper counts as not held.
    private static let depthLimit = 4

    let context: CacheContext
    let manifests: HeldManifests
    let blobs: BlobsAtHand
    let fills: FillTable

    /// What a manifest was found to rest on.
    private struct Basis {
        var digests: Set<Digest> = []
        var isPassing = false
    }

    /// Where a blob is.
    private enum Place {
        case store
        /// In memory, or on its way into the store with all its bytes.
        case memory
    }

    func wholeness(of held: HeldManifest) async -> Wholeness {
        var basis = Basis()
        let missing = await missing(held.manifest, held.item.repository, 0, &basis)
        guard let missing else { return basis.isPassing ? .passing : .stored(basis.digests) }
        let isPulled = await isPulled(held.manifest, held.item.repository, 0)
        return isPulled ? .lacks(missing) : .unpulled
    }

    private func missing(
        _ manifest: Manifest, _ repository: RepositoryName, _ depth: Int, _ basis: inout Basis
    ) async -> CachedItem? {
        var children: [CachedItem] = []
        for part in manifest.parts where !part.isElsewhere {
            let item = CachedItem(part.kind, part.digest, in: repository)
            if part.kind == .manifest {
                children.append(item)
                continue
            }
            guard let place = await place(of: item) else { return item }
            basis.digests.insert(item.digest)
            if place == .memory { basis.isPassing = true }
        }
        return await missing(ofEach: children, depth, &basis)
    }

    /// Nil when one of them is whole; else what the first that is held lacks.
    private func missing(
        ofEach children: [CachedItem], _ depth: Int, _ basis: inout Basis
    ) async -> CachedItem? {
        guard depth < Self.depthLimit else { return children.first }
        var first: CachedItem?
        for child in children {
            guard let held = await manifests.look(for: child) else { continue }
            var attempt = basis
            attempt.digests.insert(child.digest)
            let missing = await missing(held.manifest, child.repository, depth + 1, &attempt)
            guard let missing else {
                basis = attempt
                return nil
            }
            first = first ?? missing
        }
        return first ?? children.first
    }

    /// Whether clients pull what a manifest names from here, or have tried to: its repository has
    /// some of it, or was asked for some.
    private func isPulled(
        _ manifest: Manifest, _ repository: RepositoryName, _ depth: Int
    ) async -> Bool {
        for part in manifest.parts where !part.isElsewhere {
            let item = CachedItem(part.kind, part.digest, in: repository)
            if part.kind == .manifest, let child = await manifests.look(for: item) {
                guard depth < Self.depthLimit else { continue }
                if await isPulled(child.manifest, repository, depth + 1) { return true }
            } else if await isPulled(item) {
                return true
            }
        }
        return false
    }

    private func isPulled(_ item: CachedItem) async -> Bool {
        if context.misses.contains(item) { return true }
        guard item.kind == .blob else { return false }
        if isFilled(item, false) || isInMemory(item, false) { return true }
        let isLinked = try? await context.store.isLinked(blob: item.digest, in: item.repository)
        return isLinked ?? true
    }

    /// Where a blob is that would be served now, were it asked for while upstream cannot say
    /// anything: what another repository has, a held manifest has to vouch for.
    private func place(of item: CachedItem) async -> Place? {
        if blobs.content(for: item) != nil { return .store }
        let isVouched = context.retention.isNeeded(item.digest, in: item.repository)
        // In the order in which a blob comes, so that none is missed on its way.
        if isFilled(item, isVouched) || isInMemory(item, isVouched) { return .memory }
        return await isStored(item, isVouched) ? .store : nil
    }

    private func isFilled(_ item: CachedItem, _ isVouched: Bool) -> Bool {
        guard let fill = fills.fill(of: item.digest), fill.isProved else { return false }
        return isVouched || fill.wantedBy.contains(item.repository)
    }

    private func isInMemory(_ item: CachedItem, _ isVouched: Bool) -> Bool {
        let now = context.time.now
        if isVouched { return context.memory.contains(item.digest, at: now) }
        return context.memory.content(of: item.digest, in: item.repository, at: now) != nil
    }

    /// A store that fails has nothing.
    private func isStored(_ item: CachedItem, _ isVouched: Bool) async -> Bool {
        do throws(StorageError) {
            guard try await context.sound.blob(item.digest, for: item.repository) != nil else {
                return false
            }
            if isVouched { return true }
            return try await context.store.isLinked(blob: item.digest, in: item.repository)
        } catch {
            context.logger.error("storage cannot be read", LogField("error", "\(error)"))
            return false
        }
    }
}

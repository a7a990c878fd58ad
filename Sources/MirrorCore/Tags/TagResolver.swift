/// Finds what a tag names: in what is held as far as the freshness checker allows, else
/// upstream.
final class TagResolver: Sendable {
    private let context: CacheContext
    private let manifests: HeldManifests
    private let freshness: any FreshnessChecker
    private let records: TagRecords
    private let questions = SingleFlight<Question, Resolution, UpstreamError>()
    private let absences = Absences<TagName>()

    /// A question that many may share. A client does not share one that must wait for all
    /// clients.
    private struct Question: Hashable {
        var name: TagName
        var priority = UpstreamPriority.current
    }

    init(
        _ context: CacheContext, manifests: HeldManifests, freshness: any FreshnessChecker,
        records: TagRecords
    ) {
        self.context = context
        self.manifests = manifests
        self.freshness = freshness
        self.records = records
    }

    func find(_ name: TagName) async throws(MirrorError) -> FoundTag {
        guard let held = await held(name) else { return try await ask(name, held: nil) }
        let outlook = context.upstream.outlook(for: name.repository)
        let now = context.time.now
        switch freshness.decision(on: held.record, at: now, outlook: outlook) {
        case .serve: return FoundTag(held, .hit, at: now)
        case .serveAndRefresh:
            return FoundTag(held, .hit, at: now, warning: Self.refreshWarning, isRefreshDue: true)
        case .serveStale: return FoundTag(held, .stale, at: now, warning: Self.warning(outlook))
        case .ask: return try await ask(name, held: held)
        }
    }

    /// Asks upstream what a tag names, whatever is known of it.
    func ask(_ name: TagName) async throws(MirrorError) -> FoundTag {
        try await ask(name, held: await held(name))
    }

    private func ask(
        _ name: TagName, held: HeldTag?
    ) async throws(MirrorError) -> FoundTag {
        do throws(UpstreamError) {
            let (resolution, isShared) = try await answer(name)
            if let held, held.record.digest == resolution.digest {
                return FoundTag(
                    digest: resolution.digest, manifest: held.manifest, status: .revalidated,
                    resolution: resolution, held: held)
            }
            return FoundTag(
                digest: resolution.digest,
                manifest: await manifests.look(for: item(resolution.digest, name)),
                status: isShared ? .coalesced : .miss, resolution: resolution, held: held)
        } catch {
            if let stale = stale(name, held, after: error) { return stale }
            if error.code == .notFound, held != nil { await records.remove(name) }
            throw MirrorError(error)
        }
    }

    private func answer(
        _ name: TagName
    ) async throws(UpstreamError) -> (value: Resolution, isShared: Bool) {
        let (age, time) = (freshness.notFoundMaxAge(in: name.repository), context.time)
        return try await absences.check(name, for: age, by: time) {
            () async throws(UpstreamError) in
            try await questions.value(for: Question(name: name)) {
                [context, records] () async throws(UpstreamError) in
                let resolution = try await context.upstream.resolve(
                    name.tag, in: name.repository)
                records.table.didCheck(name, resolution.digest, at: context.time.now)
                return resolution
            }
        }
    }

    /// What a tag named before, if it is held and may be served after `error`.
    func stale(_ name: TagName, _ held: HeldTag?, after error: UpstreamError) -> FoundTag? {
        let now = context.time.now
        guard let held, freshness.mayServe(held.record, after: error, at: now) else { return nil }
        context.logger.warning(
            "upstream cannot give what a tag names now; what is held is served",
            LogField("repository", name.repository.text), LogField("tag", name.tag.text),
            LogField("error", error.reason))
        var found = FoundTag(held, .stale, at: now, warning: Self.warning(error.reason))
        found.failure = error
        return found
    }

    /// What is held of a tag. A link to a manifest that is not held counts as none.
    private func held(_ name: TagName) async -> HeldTag? {
        for _ in 0..<2 {
            guard let record = await records.record(name) else { return nil }
            // No use yet: upstream may say that the tag names something else now.
            if let manifest = await manifests.look(for: item(record.digest, name)) {
                return HeldTag(record: record, manifest: manifest)
            }
            // Another process may have followed the tag, and let go of what it named.
            records.table.unlink(name)
        }
        return nil
    }

    private func item(_ digest: Digest, _ name: TagName) -> CachedItem {
        CachedItem(.manifest, digest, in: name.repository)
    }

    // MARK: Warnings

    private static let refreshWarning = warning("upstream is being asked behind this answer")

    static func warning(_ reason: String) -> String { "this may not be current: \(reason)" }

    private static func warning(_ outlook: UpstreamOutlook) -> String {
        switch outlook {
        case .clear: warning("upstream was not asked")
        case .scarce: warning("upstream allows few more requests")
        case .closed: warning("upstream cannot be asked now")
        }
    }
}

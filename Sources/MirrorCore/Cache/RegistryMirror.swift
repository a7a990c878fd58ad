internal import MirrorSystem
internal import Synchronization

/// A pull-through cache of one upstream registry: what it does not hold it fetches once, keeps,
/// and passes on meanwhile.
///
/// It knows no socket and no HTTP: a server asks it, and sends what it answers. All of it may be
/// used from any task at any time.
public final class RegistryMirror: Sendable {
    private let manifests: ManifestService
    private let blobs: BlobService
    private let tagService: TagService
    private let tagRecords: TagRecords
    private let referrerService: ReferrerService
    private let store: ContentStore
    private let upstream: any UpstreamFetcher
    let retention: Retention
    let counters: CacheCounters
    let fills: FillTable
    private let blobsAtHand: BlobsAtHand
    private let integrity: Integrity
    let fillRunner: FillRunner
    private let recovery: FillRecovery
    private let background = Mutex<Task<Void, Never>?>(nil)

    /// Puts a mirror together.
    ///
    /// - Parameters:
    ///   - storage: where content is kept.
    ///   - upstream: where missing content comes from.
    ///   - freshness: decides when a tag is asked for.
    ///   - eviction: decides what is let go of.
    ///   - mayDelete: whether content is removed at all.
    ///   - options: what else can be decided.
    ///   - time: the clock.
    ///   - logger: told of what an operator may want to know.
    public init(
        storage: any StorageDriver, upstream: any UpstreamFetcher,
        freshness: any FreshnessChecker = FreshnessPolicy(),
        eviction: any EvictionScheduler, mayDelete: Bool, options: Options = Options(),
        time: any TimeSource = SystemTimeSource(), logger: Logger = .disabled
    ) {
        let room = RetentionRoom()
        let store = ContentStore(
            storage,
            room: RoomMaker { byteCount in
                if await room.make(byteCount) { return true }
                return await options.makeRoom(byteCount)
            })
        let fills = FillTable()
        self.fills = fills
        let counters = CacheCounters(options.upstreamLabels)
        self.counters = counters
        let turns = DigestTurns()
        let manifestsAtHand = ManifestsAtHand()
        let blobsAtHand = BlobsAtHand()
        self.blobsAtHand = blobsAtHand
        let tagRecords = TagRecords(store, time: time, logger: logger)
        integrity = Integrity(
            of: store, scrub: options.scrub, fills: fills, turns: turns, time: time,
            logger: logger,
            atHand: DamageControl.ContentAtHand(
                // Weak: what is open leads to damage control itself.
                close: { [weak blobsAtHand] digest in
                    blobsAtHand?.close(digest)
                    store.losses.add(digest)
                },
                bytes: { manifestsAtHand.bytes(of: $0) }))
        let retention = Retention(
            store, sound: integrity.sound, scheduler: eviction, mayDelete: mayDelete,
            pins: options.pins, tags: tagRecords.index,
            referenceTimeToLive: options.referenceTimeToLive, fills: fills, turns: turns,
            time: time, logger: logger
        ) { item, tags in
            manifestsAtHand.remove(item)
            blobsAtHand.remove(item)
            tagRecords.didRemove(item, tags)
        } letGoIdle: {
            blobsAtHand.closeIdle()
        }
        let context = CacheContext(
            store: store, sound: integrity.sound, reads: integrity.reads, upstream: upstream,
            retention: retention, turns: turns, limits: options.limits,
            memory: SpillMemory(byteLimit: options.limits.spilledBytes), counters: counters,
            misses: RecentMisses(), fillCounters: FillCounters(), time: time, logger: logger)
        self.store = store
        self.upstream = upstream
        self.retention = retention
        room.connect(retention)
        fillRunner = FillRunner(context, fills: fills)
        recovery = FillRecovery(
            context: context, fills: fills, runner: fillRunner, policy: options.leftovers)
        let questions = BlobQuestions(upstream)
        blobs = BlobService(
            context, fills: fills, runner: fillRunner, atHand: blobsAtHand, questions: questions)
        let held = HeldManifests(context: context, atHand: manifestsAtHand)
        let admission = ManifestAdmission(
            context,
            check: WholenessCheck(
                context: context, manifests: held, blobs: blobsAtHand, fills: fills),
            questions: questions)
        manifests = ManifestService(context, held: held, admission: admission)
        self.tagRecords = tagRecords
        tagService = TagService(
            context, manifests: manifests, held: held, admission: admission,
            freshness: freshness, records: tagRecords)
        referrerService = ReferrerService(context, tags: tagService, freshness: freshness)
    }

    // MARK: Life

    /// Begins the work in the background: going on with blobs that were left unfinished, learning
    /// what is held, writing down uses and checks of tags, removing what has to go, reading
    /// everything for damage. Requests can be answered before, during and without it.
    public func start() {
        background.withLock { task in
            guard task == nil else { return }
            task = Task { [retention, recovery, tagRecords, scrub = integrity.scrub] in
                async let checks: Void = tagRecords.journal.run()
                async let fills: Void = recovery.run()
                async let scrubbing: Void = withTaskExecutorPreference(BlockingPool.shared) {
                    await scrub.run()
                }
                await retention.run()
                await checks
                await fills
                await scrubbing
            }
        }
    }

    /// Ends the work in the background, with whole blobs stored, and the last uses and checks
    /// written down.
    /// Blobs still on their way end for their readers, and are taken up again by the next mirror
    /// over the same storage.
    public func stop() async {
        await fillRunner.stop()
        let task = background.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
        blobsAtHand.close()
    }

    /// What would be removed now and why, in that order, at most `limit` images: a dry run. It
    /// may be asked of a mirror that is not started, which then learns first what is held.
    public func planEviction(limit: Int) async throws(MirrorError) -> [PlannedEviction] {
        do { return try await retention.plan(limit: limit) } catch { throw MirrorError(error) }
    }

    // MARK: Content

    // Each of these notes how its answer came about, in place: a closure around the work would cost
    // what all that is counted costs.

    /// A manifest by tag or digest. One that is held and wanted as an image is served if what it
    /// needs is held, or upstream is there to have it from.
    public func manifest(
        _ reference: Reference, in repository: RepositoryName, for demand: ManifestDemand = .image
    ) async throws(MirrorError) -> Answer<Manifest> {
        let answer: Answer<Manifest>
        do throws(MirrorError) {
            switch reference {
            case .tag(let tag):
                answer = try await tagService.manifest(tag, in: repository, for: demand)
            case .digest(let digest):
                answer = try await manifests.manifest(digest, in: repository, for: demand)
            }
        } catch {
            throw counters.noting(error, .manifest, in: repository)
        }
        counters.didAnswer(.manifest, in: repository, answer.status)
        if case .digest = reference, answer.status != .hit {
            await tagService.didFetch(answer.content, in: repository)
        }
        return answer
    }

    /// A manifest's descriptor by tag or digest. A tag's manifest is not fetched for it.
    public func manifestDescriptor(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<Descriptor> {
        guard case .tag(let tag) = reference else {
            return try await manifest(reference, in: repository, for: .text).map(\.descriptor)
        }
        let answer: Answer<Descriptor>
        do throws(MirrorError) {
            answer = try await tagService.descriptor(tag, in: repository)
        } catch {
            throw counters.noting(error, .manifest, in: repository)
        }
        counters.didAnswer(.manifest, in: repository, answer.status)
        return answer
    }

    /// A blob. It may still be arriving: its bytes are given as they come, and its end only when
    /// its digest is right.
    ///
    /// - Parameter demand: how much of it is going to be read. Ranges are to be announced by
    ///   ``ContentSource/expect(_:)``.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, demand: BlobDemand = .whole
    ) async throws(MirrorError) -> Answer<any ContentSource> {
        let answer: Answer<any ContentSource>
        do throws(MirrorError) {
            answer = try await blobs.blob(digest, in: repository, demand)
        } catch {
            throw counters.noting(error, .blob, in: repository)
        }
        counters.didAnswer(.blob, in: repository, answer.status)
        if answer.status != .hit { tagService.didPullBlob(in: repository) }
        return answer
    }

    /// What is known of a blob, which is not fetched for it.
    public func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(MirrorError) -> Answer<BlobInfo> {
        let answer: Answer<BlobInfo>
        do throws(MirrorError) {
            answer = try await blobs.info(digest, in: repository)
        } catch {
            throw counters.noting(error, .blob, in: repository)
        }
        counters.didAnswer(.blob, in: repository, answer.status)
        return answer
    }

    // MARK: Integrity

    /// What has been learnt of the state of what is held.
    public var integrityReport: IntegrityReport { integrity.counters.report }

    // MARK: Lists

    /// The tags of a repository as upstream has them, at most `limit` of them where that is said;
    /// those held when it cannot say.
    public func tags(
        in repository: RepositoryName, from position: ListPosition = .start, limit: Int? = nil
    ) async throws(MirrorError) -> Answer<TagPage> {
        try await tagService.tags(in: repository, from: position, limit: limit)
    }

    /// The index of manifests that refer to `digest`, of one type of artifact if one is given, as
    /// upstream has it now: by its API, else by the tag that stands for it, else an empty one.
    /// When it cannot say, what it said last.
    public func referrers(
        to digest: Digest, in repository: RepositoryName, artifactType: String? = nil,
        from position: ListPosition = .start
    ) async throws(MirrorError) -> Answer<ReferrerPage> {
        try await referrerService.referrers(
            to: ReferrerQuestion(subject: digest, repository: repository, position: position),
            artifactType: artifactType)
    }

    /// The repositories of which something is held, by component, after `last`.
    public func repositories(
        after last: RepositoryName?, limit: Int
    ) async throws(MirrorError) -> [RepositoryName] {
        do { return try await store.repositories(after: last, limit: limit) } catch {
            throw MirrorError(error)
        }
    }
}

/// What the services of a mirror share.
struct CacheContext: Sendable {
    let store: ContentStore
    let sound: SoundStore
    let reads: ReadActivity
    let upstream: any UpstreamFetcher
    let retention: Retention
    let turns: DigestTurns
    let limits: CacheLimits
    let memory: SpillMemory
    let counters: CacheCounters
    let misses: RecentMisses
    let fillCounters: FillCounters
    let time: any TimeSource
    let logger: Logger
}

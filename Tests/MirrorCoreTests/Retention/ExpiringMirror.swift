import MirrorCore
import MirrorTesting

/// A mirror that lets go of what nobody asked for during an hour, on a clock that a test moves.
struct ExpiringMirror: Sendable {
    static let ttl = Duration.seconds(3600)
    /// How often the work in the background is done.
    static let round = Duration.seconds(30)

    let upstream: ScriptedFetcher
    let clock: ManualClock
    let log = RecordingSink()
    private let test: MirrorUnderTest

    init(
        upstream: ScriptedFetcher = ScriptedFetcher(),
        over storage: any StorageDriver = MemoryDriver(), clock: ManualClock = ManualClock(),
        mayDelete: Bool = true, eviction: (any EvictionScheduler)? = nil,
        pins: ImagePatterns = ImagePatterns()
    ) {
        self.upstream = upstream
        self.clock = clock
        test = MirrorUnderTest(
            upstream: upstream, over: storage,
            eviction: eviction ?? ImageScheduler(timeToLive: Self.ttl), mayDelete: mayDelete,
            pins: pins, referenceTimeToLive: Self.ttl, clock: clock, logger: Logger(sink: log))
    }

    var mirror: RegistryMirror { test.mirror }
    var storage: FaultyDriver { test.storage }

    /// The mirror after a restart of the process, a while later.
    func restarted(after pause: Duration = .zero) async -> ExpiringMirror {
        await mirror.stop()
        clock.advance(by: pause)
        return ExpiringMirror(upstream: upstream, over: storage, clock: clock)
    }

    /// The mirror after its process was killed. What is left of the killed one stands still on a
    /// clock that nobody moves any more.
    func killed() -> ExpiringMirror {
        ExpiringMirror(upstream: upstream, over: storage, clock: ManualClock(now: clock.now))
    }

    // MARK: Time

    /// Begins the work in the background, and waits until it has nothing more to do.
    func start() async {
        mirror.start()
        await clock.untilSleeping(2)
    }

    /// Lets time pass, a round at least, and waits until the work in the background is done.
    func pass(_ duration: Duration) async {
        clock.advance(by: duration)
        await clock.untilSleeping(2)
    }

    // MARK: Requests

    /// Pulls an image as a client does, and waits until all of it is kept. The work in the
    /// background has to be begun after it.
    func pull(
        _ image: SampleImage, _ tag: MirrorCore.Tag = .latest, in repository: RepositoryName = .app
    ) async throws {
        upstream.add(image, to: repository, tag: tag)
        _ = try await mirror.manifest(.tag(tag), in: repository)
        for blob in image.blobs { _ = try await read(blob, in: repository) }
        await mirror.stop()
    }

    func read(_ blob: SampleBlob, in repository: RepositoryName = .app) async throws -> [UInt8] {
        try await test.read(blob.digest, in: repository)
    }

    /// Waits until all that was asked for is kept, so that it counts as used now and not later.
    func untilNothingArrives() async {
        while mirror.metrics.first(where: { $0.name == "mirrord_fills_in_flight" })?
            .samples.first?.value != .count(0)
        {
            await Task.yield()
        }
    }

    /// Asks for a manifest, which counts as a use of it.
    @discardableResult
    func use(
        _ manifest: SampleManifest, in repository: RepositoryName = .app
    ) async throws -> CacheStatus {
        try await mirror.manifest(.digest(manifest.digest), in: repository).status
    }

    // MARK: What is held

    /// The paths of all objects but the journal.
    func heldPaths() async throws -> [String] {
        try await storage.paths().filter { path in
            !path.hasPrefix("mirrord/uses/") && !path.hasPrefix("mirrord/tags/")
        }
    }

    /// Whether the bytes of all of an image are kept.
    func holds(_ image: SampleImage) async throws -> Bool {
        for digest in [image.manifest.digest] + image.blobs.map(\.digest)
        where try await storage.stat(.data(digest)) == nil {
            return false
        }
        return true
    }

    /// The names of the journal's segments.
    func segments() async throws -> [String] {
        try await storage.list(.made("mirrord/uses"), after: nil, limit: .max).map(\.name)
    }
}

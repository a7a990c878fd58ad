import MirrorCore
import MirrorTesting
import Testing

/// A mirror over storage and an upstream that a test has in its hands.
struct MirrorUnderTest: Sendable {
    let upstream: ScriptedFetcher
    let storage: FaultyDriver
    let clock: any TimeSource
    let mirror: RegistryMirror

    init(
        upstream: ScriptedFetcher = ScriptedFetcher(),
        over storage: any StorageDriver = MemoryDriver(),
        freshness: any FreshnessChecker = FreshnessPolicy(),
        eviction: any EvictionScheduler = KeepingScheduler(), mayDelete: Bool = true,
        limits: CacheLimits = CacheLimits(), scrub: ScrubSettings = .off,
        pins: ImagePatterns = ImagePatterns(), referenceTimeToLive: Duration? = nil,
        clock: any TimeSource = ImpatientClock(),
        makeRoom: @escaping @Sendable (Int64) async -> Bool = { _ in false },
        logger: Logger = .disabled
    ) {
        self.upstream = upstream
        self.clock = clock
        let driver = FaultyDriver(storage)
        self.storage = driver
        var options = RegistryMirror.Options()
        options.scrub = scrub
        options.pins = pins
        if let referenceTimeToLive { options.referenceTimeToLive = referenceTimeToLive }
        options.limits = limits
        options.makeRoom = makeRoom
        mirror = RegistryMirror(
            storage: driver, upstream: upstream, freshness: freshness, eviction: eviction,
            mayDelete: mayDelete, options: options, time: clock, logger: logger)
    }

    /// All bytes of a blob from `offset` on, as one client gets them.
    func read(
        _ digest: Digest, in repository: RepositoryName = .app, from offset: Int64 = 0
    ) async throws -> [UInt8] {
        try await mirror.blob(digest, in: repository).content.bytes(from: offset)
    }

    /// Pulls what a tag names, an image, with all its blobs, and waits until they are kept.
    func pull(
        _ image: SampleImage, _ tag: MirrorCore.Tag = .latest, in repository: RepositoryName = .app
    ) async throws {
        _ = try await manifest(.tag(tag), in: repository)
        try await pullBlobs(of: image, in: repository)
    }

    /// Pulls the blobs of an image, and waits until they are kept.
    func pullBlobs(
        of image: SampleImage, in repository: RepositoryName = .app
    ) async throws {
        for blob in image.blobs { _ = try await read(blob.digest, in: repository) }
        await mirror.stop()
    }

    func manifest(
        _ reference: Reference, in repository: RepositoryName = .app
    ) async throws -> Answer<Manifest> {
        try await mirror.manifest(reference, in: repository)
    }

    /// The error that `work` fails with, if it does.
    func error(_ work: () async throws -> Void) async -> MirrorError? {
        do {
            try await work()
            return nil
        } catch {
            return error as? MirrorError
        }
    }
}

extension RepositoryName {
    static let app = made("library/app")
    static let other = made("team/other")

    static func made(_ text: String) -> RepositoryName {
        guard let name = RepositoryName(text) else { preconditionFailure("no name: \(text)") }
        return name
    }
}

extension MirrorCore.Tag {
    static let latest = MirrorCore.Tag.made("latest")
    static let stable = MirrorCore.Tag.made("stable")

    static func made(_ text: String) -> MirrorCore.Tag {
        guard let tag = MirrorCore.Tag(text) else { preconditionFailure("no tag: \(text)") }
        return tag
    }
}

extension StorageKey {
    static func made(_ path: String) -> StorageKey {
        guard let key = StorageKey(path) else { preconditionFailure("no key: \(path)") }
        return key
    }

    /// Where the reference registry keeps the bytes of a digest.
    static func data(_ digest: Digest) -> StorageKey {
        let hex = digest.hex
        return made(
            "docker/registry/v2/blobs/\(digest.algorithm.rawValue)/\(hex.prefix(2))/\(hex)/data")
    }
}

extension StorageDriver {
    func bytes(at key: StorageKey) async throws -> [UInt8]? {
        guard let object = try await open(key) else { return nil }
        var bytes: [UInt8] = []
        while Int64(bytes.count) < object.size {
            bytes += try await object.read(at: Int64(bytes.count), limit: 1 << 20)
        }
        return bytes
    }

    func text(at path: String) async throws -> String? {
        try await bytes(at: .made(path)).map { String(decoding: $0, as: UTF8.self) }
    }
}

import MirrorCore
import MirrorTesting

/// A mirror whose storage a test can spoil, and what it says of that.
struct IntegrityUnderTest: Sendable {
    let log = RecordingSink()
    let test: MirrorUnderTest

    init(
        upstream: ScriptedFetcher = ScriptedFetcher(),
        over storage: any StorageDriver = MemoryDriver(), scrub: ScrubSettings = .off,
        clock: any TimeSource = ImpatientClock()
    ) {
        test = MirrorUnderTest(
            upstream: upstream, over: storage, scrub: scrub, clock: clock,
            logger: Logger(sink: log))
    }

    var upstream: ScriptedFetcher { test.upstream }
    var storage: FaultyDriver { test.storage }
    var mirror: RegistryMirror { test.mirror }

    /// The mirror after a restart of the process: nothing is at hand, and no size is known.
    func restarted() async -> IntegrityUnderTest {
        await mirror.stop()
        return IntegrityUnderTest(upstream: upstream, over: storage)
    }

    /// Asks for a blob as one client does, and gets all of it.
    func pull(
        _ blob: SampleBlob, in repository: RepositoryName = .app
    ) async throws -> (status: CacheStatus, isRight: Bool) {
        let answer = try await mirror.blob(blob.digest, in: repository)
        return (answer.status, try await answer.content.bytes() == blob.bytes)
    }

    /// Puts other bytes where those of a digest lie.
    func spoil(_ digest: Digest, _ bytes: [UInt8]) async throws {
        try await storage.put(bytes, at: .data(digest))
    }

    /// The digests of what was set aside, the oldest first.
    func setAside() async throws -> [Digest] {
        try await storage.list(.made("mirrord/damaged"), after: nil, limit: .max).compactMap {
            let parts = $0.name.split(separator: "-")
            return parts.count == 3 ? Digest("\(parts[1]):\(parts[2])") : nil
        }
    }

    /// What the log says of damage, one record for each finding.
    var findings: [LogRecord] {
        log.records.filter { $0.message.hasPrefix("damaged content") }
    }
}

extension LogRecord {
    /// The text of one of its fields.
    func text(_ name: String) -> String? {
        if case .string(let text) = fields.first(where: { $0.name == name })?.value {
            return text
        }
        return nil
    }
}

extension SampleBlob {
    /// Its bytes with one bit changed.
    var flipped: [UInt8] {
        var bytes = bytes
        bytes[bytes.count / 2] ^= 1
        return bytes
    }
}

import MirrorCore
import MirrorTesting

/// A mirror that scrubs, on a clock that a test moves.
struct ScrubUnderTest: Sendable {
    static let week = Duration.seconds(7 * 24 * 3600)
    /// So fast that nothing ever waits.
    static let fast = ScrubSettings(rate: 1 << 40)

    let clock: ManualClock
    let integrity: IntegrityUnderTest

    init(
        upstream: ScriptedFetcher = ScriptedFetcher(),
        over storage: any StorageDriver = MemoryDriver(), settings: ScrubSettings = Self.fast,
        clock: ManualClock = ManualClock()
    ) {
        self.clock = clock
        integrity = IntegrityUnderTest(
            upstream: upstream, over: storage, scrub: settings, clock: clock)
    }

    var upstream: ScriptedFetcher { integrity.upstream }
    var storage: FaultyDriver { integrity.storage }
    var mirror: RegistryMirror { integrity.mirror }
    var report: IntegrityReport { mirror.integrityReport }

    /// Another mirror over the same storage.
    func beside(_ settings: ScrubSettings = Self.fast) -> ScrubUnderTest {
        ScrubUnderTest(upstream: upstream, over: storage, settings: settings, clock: clock)
    }

    /// Fetches blobs, and waits until they are kept. Before the work in the background begins.
    func fetch(_ blobs: [SampleBlob]) async throws {
        for blob in blobs {
            upstream.add(blob, to: .app)
            _ = try await integrity.pull(blob)
        }
        await mirror.stop()
    }

    /// Begins the work in the background, and waits until all of it waits: for the time of the
    /// next pass, or for more bytes to be allowed.
    func start() async {
        mirror.start()
        await clock.untilSleeping(3)
    }

    /// Lets time pass, and waits until the work in the background waits again.
    func pass(_ duration: Duration) async {
        clock.advance(by: duration)
        await clock.untilSleeping(3)
    }
}

extension SampleBlob {
    /// Blobs of equal size.
    static func several(_ count: Int, size: Int64) -> [SampleBlob] {
        (0..<count).map { SampleBlob(seed: UInt64(700 + $0), size: size) }
    }
}

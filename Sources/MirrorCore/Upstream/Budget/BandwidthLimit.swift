internal import Synchronization

/// Lets the bytes of one upstream's downloads pass no faster than its bandwidth, those that
/// somebody waits for first.
final class BandwidthLimit: Sendable {
    /// The longest that a block of background work stands back for live ones.
    private static let standBackLimit = Duration.seconds(10)
    /// The shortest nap: what remains of a wait after rounding is not worth another.
    private static let shortestNap = Duration.milliseconds(1)

    private let bucket: Mutex<TokenBucket>
    private let time: any TimeSource

    /// A limit of `rate` bytes a second.
    init(rate: Int64, time: any TimeSource) {
        bucket = Mutex(TokenBucket(rate: rate, at: time.now))
        self.time = time
    }

    /// Waits until `count` bytes that have come may be handed on.
    func pass(_ count: Int, as priority: UpstreamPriority) async throws(CancellationError) {
        if priority == .background, try await standBack(count) { return }
        let delay = bucket.withLock { $0.take(count, at: time.now) }
        if delay > .zero { try await time.sleep(for: max(delay, Self.shortestNap)) }
    }

    /// Lets others go first, but not for ever: a download from which nothing comes counts as
    /// broken.
    ///
    /// - Returns: whether the bytes have been taken.
    private func standBack(_ count: Int) async throws(CancellationError) -> Bool {
        let end = time.now + Self.standBackLimit
        while true {
            let now = time.now
            if now >= end { return false }
            let delay = bucket.withLock { $0.takeLeisurely(count, at: now) }
            guard let delay else { return true }
            try await time.sleep(until: min(now + max(delay, Self.shortestNap), end))
        }
    }
}

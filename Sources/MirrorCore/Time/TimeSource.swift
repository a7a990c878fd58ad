/// Where the cache engine has its time from: what o'clock it is, and how to wait.
///
/// Tests replace it by a clock that they move by hand; see `ManualClock` in MirrorTesting.
public protocol TimeSource: Sendable {
    /// The moment it is.
    var now: WallTime { get }

    /// Waits until `deadline` has come; returns at once when it has passed already.
    ///
    /// - Throws: when the task is cancelled, at once and also before the deadline.
    func sleep(until deadline: WallTime) async throws(CancellationError)
}

extension TimeSource {
    /// Waits for `duration`, counted from ``now``.
    ///
    /// - Throws: when the task is cancelled.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: now + duration)
    }
}

/// The system's own clock.
public struct SystemTimeSource: TimeSource {
    /// How long one wait lasts at most before the wall clock, which may be set, is read again.
    private static let longestNap = Duration.seconds(60)

    /// Makes the source; all of them are the same.
    public init() {}

    /// What the system's wall clock says.
    public var now: WallTime { .now }

    /// Waits in naps, so that a clock set forward ends the wait within a minute.
    public func sleep(until deadline: WallTime) async throws(CancellationError) {
        while true {
            let rest = deadline - now
            guard rest > .zero else {
                if Task.isCancelled { throw CancellationError() }
                return
            }
            do {
                try await Task.sleep(for: min(rest, Self.longestNap))
            } catch {
                throw CancellationError()
            }
        }
    }
}

public import MirrorCore
internal import Synchronization

/// A clock on which every wait is over at once: it jumps to whatever is waited for.
public final class ImpatientClock: TimeSource {
    private let current: Mutex<WallTime>

    /// A clock that shows `now`, by default some moment of 2023.
    public init(now: WallTime = .seconds(1_700_000_000)) {
        current = Mutex(now)
    }

    /// What the clock shows.
    public var now: WallTime { current.withLock { $0 } }

    /// Moves the clock to `deadline`, unless it is past that already.
    ///
    /// - Throws: when the task is cancelled.
    public func sleep(until deadline: WallTime) async throws(CancellationError) {
        current.withLock { $0 = max($0, deadline) }
        if Task.isCancelled { throw CancellationError() }
    }
}

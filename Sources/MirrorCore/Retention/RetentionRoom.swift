internal import Synchronization

/// Has room made by a mirror's retention, which is made after the store that asks for it.
final class RetentionRoom: Sendable {
    private struct Source {
        weak var retention: Retention?
    }

    private let source = Mutex(Source())

    func connect(_ retention: Retention) {
        source.withLock { $0.retention = retention }
    }

    /// Removes what was used least recently, if that is allowed.
    ///
    /// - Returns: whether there is more room now.
    func make(_ byteCount: Int64) async -> Bool {
        guard let retention = source.withLock({ $0.retention }) else { return false }
        return await retention.makeRoom(byteCount)
    }
}

internal import Synchronization

/// Whether an upstream has shown of late that it is there and lets the mirror in.
final class SignOfLife: Sendable {
    /// For so long after it has shown it, an upstream counts as there.
    private static let lifetime = Duration.seconds(10)

    private let time: any TimeSource
    private let seenAt = Atomic<Int64>(.min)

    init(_ time: any TimeSource) {
        self.time = time
    }

    /// Whether it has, and has not failed since.
    var isFresh: Bool {
        let seen = WallTime(nanosecondsSinceEpoch: seenAt.load(ordering: .relaxed))
        let now = time.now
        return seen <= now && now - seen < Self.lifetime
    }

    /// Bytes came.
    func didReceive() {
        seenAt.store(time.now.nanosecondsSinceEpoch, ordering: .relaxed)
    }

    /// A question ended: with `error`, or without. That something is not there is an answer; that
    /// something is denied shows nothing of the rest.
    func didEnd(_ error: UpstreamError?) {
        switch error?.code {
        case nil, .notFound: didReceive()
        case .denied: break
        case .rateLimited, .unavailable, .invalid:
            // Whose task was cancelled did not wait to the end.
            if !Task.isCancelled { seenAt.store(.min, ordering: .relaxed) }
        }
    }
}

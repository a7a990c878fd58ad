internal import Synchronization

/// A place where a fixed number of tasks meet: each waits until all have arrived.
///
/// It can be used again as soon as all of them have been let through.
public final class Barrier: Sendable {
    private let partyCount: Int
    private let arrived = Mutex<[CheckedContinuation<Void, Never>]>([])

    /// A barrier for `partyCount` tasks, at least 1.
    public init(parties partyCount: Int) {
        precondition(partyCount > 0, "a barrier needs somebody to meet")
        self.partyCount = partyCount
    }

    /// Waits until all have called this, also in a task that is cancelled meanwhile.
    public func arriveAndWait() async {
        await withCheckedContinuation { continuation in
            let complete: [CheckedContinuation<Void, Never>] = arrived.withLock { arrived in
                arrived.append(continuation)
                guard arrived.count == partyCount else { return [] }
                defer { arrived = [] }
                return arrived
            }
            for party in complete { party.resume() }
        }
    }
}

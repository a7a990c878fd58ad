internal import Synchronization

/// What the store has lost: what was removed from it, by whomever, or found damaged.
///
/// Whoever found something there, and relies on it, asks whether it was lost since. A loss is told
/// of when it has happened: who takes the number first and looks then misses none.
final class Losses: Sendable {
    /// Losses remembered. Who asks about more of them is told that each may concern him.
    private static let countLimit = 1024

    /// The latest, each in the place that its number has among so many.
    private let latest = Mutex<[Digest]>([])
    private let number = Atomic<Int>(0)

    /// How many there have been.
    var count: Int { number.load(ordering: .acquiring) }

    /// A digest is not there any more, for one repository or for all.
    func add(_ digest: Digest) {
        latest.withLock { latest in
            let count = number.load(ordering: .relaxed)
            if latest.count < Self.countLimit {
                latest.append(digest)
            } else {
                latest[count % Self.countLimit] = digest
            }
            number.store(count + 1, ordering: .releasing)
        }
    }

    /// Whether one of `digests` may have been lost since there were `earlier` losses.
    func concern(_ digests: Set<Digest>, since earlier: Int) -> Bool {
        latest.withLock { latest in
            let count = number.load(ordering: .relaxed)
            guard count - earlier <= Self.countLimit else { return true }
            return (earlier..<count).contains { digests.contains(latest[$0 % Self.countLimit]) }
        }
    }
}

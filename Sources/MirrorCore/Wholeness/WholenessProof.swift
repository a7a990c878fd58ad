internal import Synchronization

/// That a manifest was found whole, which holds until something is lost that this rests on.
final class WholenessProof: Sendable {
    private static let none = -1

    /// The digests that have to be there.
    private let basis = Mutex<Set<Digest>>([])
    /// How many losses there had been when they were known to be there.
    private let known = Atomic<Int>(none)

    /// Whether it still holds. Quick while nothing was lost: a look at two numbers.
    func holds(after losses: Losses) -> Bool {
        let count = losses.count
        if known.load(ordering: .acquiring) == count { return true }
        let (digests, earlier) = basis.withLock { ($0, known.load(ordering: .relaxed)) }
        if earlier == Self.none || losses.concern(digests, since: earlier) { return false }
        // Unless something else was found meanwhile.
        _ = known.compareExchange(
            expected: earlier, desired: count, ordering: .acquiringAndReleasing)
        return true
    }

    /// All of these were found to be there, by looking after there had been `count` losses.
    func set(_ digests: Set<Digest>, after count: Int) {
        basis.withLock { basis in
            basis = digests
            known.store(count, ordering: .releasing)
        }
    }
}

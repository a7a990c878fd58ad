internal import Synchronization

/// What clients asked for lately and was not held.
final class RecentMisses: Sendable {
    /// Misses remembered at most; beyond that those that nobody looked for go.
    private static let countLimit = 4096

    private let items = Mutex(BoundedCache<CachedItem, Void>(weightLimit: countLimit))

    func add(_ item: CachedItem) {
        items.withLock { $0.insert((), for: item, weight: 1) }
    }

    func contains(_ item: CachedItem) -> Bool {
        items.withLock { $0.value(for: item) != nil }
    }
}

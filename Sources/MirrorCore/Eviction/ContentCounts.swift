/// Who has and who needs each digest, in all repositories together, and how many bytes that is.
///
/// The bytes of a digest are kept as long as an item has them or a held manifest needs them.
struct ContentCounts {
    private struct Count {
        /// Items that have it.
        var holders = 0
        /// Held manifests that need it.
        var needers = 0
        /// Its bytes in the store.
        var size: Int64 = 0

        var isZero: Bool { holders == 0 && needers == 0 }
    }

    private var counts: [Digest: Count] = [:]
    /// Bytes of all that is stored.
    private(set) var byteCount: Int64 = 0
    /// How many contents are stored.
    private(set) var contentCount = 0
    /// How many items have one.
    private(set) var itemCount = 0

    /// Whether something has or needs a digest.
    func contains(_ digest: Digest) -> Bool { counts[digest] != nil }

    /// Whether some item has a digest.
    func isStored(_ digest: Digest) -> Bool { counts[digest].map { $0.holders > 0 } ?? false }

    /// Whether one item has a digest, and nothing else has or needs it.
    func isLast(_ digest: Digest) -> Bool {
        counts[digest].map { $0.holders == 1 && $0.needers == 0 } ?? false
    }

    /// An item is held from now on.
    mutating func add(_ held: HeldItem) {
        var count = counts[held.item.digest] ?? Count()
        if count.holders == 0 { contentCount += 1 }
        itemCount += 1
        count.holders += 1
        // Of several statements of one size the later is the better.
        byteCount += held.size - count.size
        count.size = held.size
        counts[held.item.digest] = count
        for digest in held.needs { counts[digest, default: Count()].needers += 1 }
    }

    /// An item is not held any more.
    ///
    /// - Returns: the digests that nothing has or needs now.
    @discardableResult
    mutating func remove(_ held: HeldItem) -> [Digest] {
        var freed: [Digest] = []
        if counts[held.item.digest]?.holders == 1 { contentCount -= 1 }
        itemCount -= 1
        lower(held.item.digest, \.holders, &freed)
        for digest in held.needs { lower(digest, \.needers, &freed) }
        return freed
    }

    private mutating func lower(
        _ digest: Digest, _ part: WritableKeyPath<Count, Int>, _ freed: inout [Digest]
    ) {
        guard var count = counts[digest] else { return }
        count[keyPath: part] -= 1
        guard count.isZero else { return counts[digest] = count }
        counts[digest] = nil
        byteCount -= count.size
        freed.append(digest)
    }

    /// What going items would free, counted from here.
    var release: Release { Release(self) }

    /// What would be left if items went one after the other.
    struct Release {
        private let counts: ContentCounts
        private var rest: [Digest: Count] = [:]

        init(_ counts: ContentCounts) {
            self.counts = counts
        }

        /// These items go as well.
        ///
        /// - Returns: bytes that are free then, and were not before.
        mutating func add(_ items: [HeldItem]) -> Int64 {
            digests(freedBy: items).reduce(0) { $0 + (rest[$1]?.size ?? 0) }
        }

        /// These items go as well.
        ///
        /// - Returns: the digests that nothing has or needs then.
        mutating func digests(freedBy items: [HeldItem]) -> [Digest] {
            var freed: [Digest] = []
            for held in items {
                lower(held.item.digest, \.holders, &freed)
                for digest in held.needs { lower(digest, \.needers, &freed) }
            }
            return freed
        }

        private mutating func lower(
            _ digest: Digest, _ part: WritableKeyPath<Count, Int>, _ freed: inout [Digest]
        ) {
            var count = rest[digest] ?? counts.counts[digest] ?? Count()
            count[keyPath: part] -= 1
            rest[digest] = count
            if count.isZero { freed.append(digest) }
        }
    }
}

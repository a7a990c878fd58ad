/// Who has and who needs each digest, in all repositories together, and how many bytes that is.
///
/// The bytes of a digest are kept as long as an item has them or a held manifest needs them. As
/// long has it a number, by which other tables may name it.
struct ContentCounts {
    typealias Number = Interner<Digest>.Number

    private struct Count {
        /// Items that have it.
        var holders: UInt32 = 0
        /// Held manifests that need it.
        var needers: UInt32 = 0
        /// Its bytes in the store.
        var size: Int64 = 0

        var isZero: Bool { holders == 0 && needers == 0 }
    }

    private var digests = Interner<Digest>()
    /// By the number of the digest.
    private var counts: [Count] = []
    /// Bytes of all that is stored.
    private(set) var byteCount: Int64 = 0
    /// How many contents are stored.
    private(set) var contentCount = 0
    /// How many items have one.
    private(set) var itemCount = 0

    // MARK: Numbers

    /// The number of a digest that something has or needs.
    func number(of digest: Digest) -> Number? { digests.number(of: digest) }

    /// The digest with this number.
    subscript(number: Number) -> Digest? { digests[number] }

    // MARK: Questions

    private func count(of digest: Digest) -> Count? {
        digests.number(of: digest).map { counts[Int($0)] }
    }

    /// Whether something has or needs a digest.
    func contains(_ digest: Digest) -> Bool { digests.number(of: digest) != nil }

    /// Whether some item has a digest.
    func isStored(_ digest: Digest) -> Bool { count(of: digest).map { $0.holders > 0 } ?? false }

    /// Whether one item has a digest, and nothing else has or needs it.
    func isLast(_ digest: Digest) -> Bool {
        count(of: digest).map { $0.holders == 1 && $0.needers == 0 } ?? false
    }

    /// The size in bytes that was stated last for a digest, by its number.
    func size(of number: Number) -> Int64 { counts[Int(number)].size }

    // MARK: Changes

    /// An item is held from now on.
    mutating func add(_ held: HeldItem) {
        let index = index(of: held.item.digest)
        if counts[index].holders == 0 { contentCount += 1 }
        itemCount += 1
        counts[index].holders += 1
        // Of several statements of one size the later is the better.
        byteCount += held.size - counts[index].size
        counts[index].size = held.size
        for digest in held.needs { counts[self.index(of: digest)].needers += 1 }
    }

    /// Where a digest is counted, from now on if it has not been.
    private mutating func index(of digest: Digest) -> Int {
        let index = Int(digests.insert(digest))
        if index == counts.count { counts.append(Count()) }
        return index
    }

    /// An item is not held any more.
    ///
    /// - Returns: the digests that nothing has or needs now.
    @discardableResult
    mutating func remove(_ held: HeldItem) -> [Digest] {
        var freed: [Digest] = []
        if count(of: held.item.digest)?.holders == 1 { contentCount -= 1 }
        itemCount -= 1
        lower(held.item.digest, \.holders, &freed)
        for digest in held.needs { lower(digest, \.needers, &freed) }
        return freed
    }

    private mutating func lower(
        _ digest: Digest, _ part: WritableKeyPath<Count, UInt32>, _ freed: inout [Digest]
    ) {
        guard let number = digests.number(of: digest), counts[Int(number)][keyPath: part] > 0
        else { return }
        counts[Int(number)][keyPath: part] -= 1
        let count = counts[Int(number)]
        guard count.isZero else { return }
        counts[Int(number)] = Count()
        digests.remove(number)
        byteCount -= count.size
        freed.append(digest)
    }

    // MARK: What would be

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
            _ digest: Digest, _ part: WritableKeyPath<Count, UInt32>, _ freed: inout [Digest]
        ) {
            var count = rest[digest] ?? counts.count(of: digest) ?? Count()
            guard count[keyPath: part] > 0 else { return }
            count[keyPath: part] -= 1
            rest[digest] = count
            if count.isZero { freed.append(digest) }
        }
    }
}

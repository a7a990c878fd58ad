/// What of a blob has arrived, what is on its way, and what is to be fetched next, as a value.
///
/// One transfer goes through the blob from its beginning. A range that somebody wants far ahead
/// of it is fetched by a transfer of its own, in whole blocks; the first one passes over it
/// then. No byte is ever given to two transfers.
struct FillPlan {
    /// What is fetched for a range begins and ends at multiples of this.
    static let blockByteCount: Int64 = 1 << 20
    /// The same where all of the blob is on its way to somebody who wants it.
    static let smallBlockByteCount: Int64 = 64 << 10
    /// How far behind a transfer's position somebody waits for it, in bytes; what lies farther
    /// is fetched for them.
    static let waitByteLimit: Int64 = 8 << 20
    /// How many bytes a transfer receives in vain, since they have come already, to go on behind
    /// them: to end it costs what is on its way, and another request.
    static let passByteLimit: Int64 = 2 << 20
    /// Transfers for ranges at the same time; more ranges wait.
    static let rangeTransferLimit = 8

    /// One transfer, by its number.
    struct Transfer: Hashable {
        let number: Int
        /// Whether it was begun for a range that somebody wants.
        let isForRange: Bool
        /// What it still has to bring.
        fileprivate(set) var rest: Range<Int64>
    }

    /// Size of the blob, once it is known.
    private(set) var total: Int64?
    private(set) var arrived = ByteRanges()
    /// Whether upstream has been found to send blobs whole only.
    var takesNoRanges = false
    private var transfers: [Transfer] = []
    private var wanted: [Range<Int64>] = []
    private var nextNumber = 0

    init(arrived: ByteRanges = ByteRanges(), total: Int64? = nil) {
        self.arrived = arrived
        self.total = total
    }

    /// Whether every byte is there.
    var isWhole: Bool {
        guard let total else { return false }
        return arrived.contains(0..<total)
    }

    // MARK: What is wanted

    /// Somebody is going to read `range`, of which whole blocks are fetched.
    mutating func want(_ range: Range<Int64>, inBlocksOf size: Int64 = Self.blockByteCount) {
        guard let total, !takesNoRanges, !range.isEmpty else { return }
        let first = range.lowerBound / size * size
        let blocks = (range.upperBound - 1) / size + 1
        let aligned = first..<min(total, blocks * size)
        for gap in arrived.gaps(in: aligned) {
            wanted += unclaimed(gap, from: range.lowerBound)
        }
    }

    /// What of `gap` no transfer will bring soon, taken from those that would bring it late.
    private mutating func unclaimed(
        _ gap: Range<Int64>, from offset: Int64
    ) -> [Range<Int64>] {
        var soon = ByteRanges()
        for range in wanted { soon.insert(range) }
        for index in transfers.indices where transfers[index].rest.overlaps(gap) {
            let rest = transfers[index].rest
            let start = max(rest.lowerBound, gap.lowerBound)
            if offset - rest.lowerBound <= Self.waitByteLimit {
                soon.insert(rest)
            } else {
                transfers[index].rest = rest.lowerBound..<start
            }
        }
        return soon.gaps(in: gap)
    }

    // MARK: Transfers

    /// Begins a transfer for a range that somebody wants, if there is one.
    mutating func beginWanted() -> Transfer? {
        guard hasWanted else { return nil }
        return begin(wanted.removeFirst(), isForRange: true)
    }

    /// Whether ``beginWanted()`` would begin one.
    var hasWanted: Bool {
        !wanted.isEmpty && transfers.count(where: \.isForRange) < Self.rangeTransferLimit
    }

    /// Begins the transfer of the first bytes that nobody fetches, at most `limit` of them.
    mutating func beginNext(limit: Int64 = .max) -> Transfer? {
        guard let gap = nextGap else { return nil }
        let end = gap.count > limit ? gap.lowerBound + limit : gap.upperBound
        return begin(gap.lowerBound..<end, isForRange: false)
    }

    /// Whether ``beginNext(limit:)`` would begin one.
    var hasNext: Bool { nextGap != nil }

    private var nextGap: Range<Int64>? { claimed.gaps(in: 0..<(total ?? .max)).first }

    /// What is there, or will come.
    private var claimed: ByteRanges {
        var claimed = arrived
        for transfer in transfers { claimed.insert(transfer.rest) }
        for range in wanted { claimed.insert(range) }
        return claimed
    }

    private mutating func begin(_ range: Range<Int64>, isForRange: Bool) -> Transfer {
        nextNumber += 1
        let transfer = Transfer(number: nextNumber, isForRange: isForRange, rest: range)
        transfers.append(transfer)
        return transfer
    }

    /// What a transfer still has to bring; part of it may have been taken from it.
    func rest(of transfer: Transfer) -> Range<Int64>? {
        transfers.first { $0.number == transfer.number }?.rest
    }

    mutating func didReceive(_ count: Int64, by transfer: Transfer) {
        guard let index = transfers.firstIndex(where: { $0.number == transfer.number })
        else { return }
        let rest = transfers[index].rest
        let position = min(rest.lowerBound + count, rest.upperBound)
        arrived.insert(rest.lowerBound..<position)
        transfers[index].rest = position..<rest.upperBound
    }

    /// A transfer has brought all of its part, and could go on up to `end`: it takes up what nobody
    /// brings of that, if nothing but bytes that have come lies between, and not too many.
    ///
    /// - Returns: how many bytes these are; nil when it should end.
    mutating func extend(_ transfer: Transfer, upTo end: Int64) -> Int64? {
        guard let index = transfers.firstIndex(where: { $0.number == transfer.number }),
            transfers[index].rest.isEmpty
        else { return nil }
        let position = transfers[index].rest.upperBound
        let ahead = position..<max(position, min(end, total ?? .max))
        guard let gap = claimed.gaps(in: ahead).first else { return nil }
        let between = position..<gap.lowerBound
        guard takesNoRanges || between.count <= Self.passByteLimit, arrived.contains(between)
        else { return nil }
        transfers[index].rest = gap
        return Int64(between.count)
    }

    /// A transfer has ended; what it did not bring is there for others.
    mutating func end(_ transfer: Transfer) {
        transfers.removeAll { $0.number == transfer.number }
    }

    /// The size has become known.
    mutating func learn(total: Int64) {
        self.total = total
        for index in transfers.indices where transfers[index].rest.upperBound > total {
            let start = min(transfers[index].rest.lowerBound, total)
            transfers[index].rest = start..<total
        }
    }
}

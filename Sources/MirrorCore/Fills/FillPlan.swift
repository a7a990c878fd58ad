/// What of a blob has arrived, what is on its way, and what is to be fetched next, as a value.
///
/// One transfer goes through the blob from its beginning. A range that somebody wants far ahead
/// of it is fetched by a transfer of its own, in whole blocks; the first one ends before it, or
/// passes over it. No byte is ever given to two transfers. Times are passed in.
struct FillPlan {
    /// What is fetched for a range begins and ends at multiples of this.
    static let blockByteCount: Int64 = 1 << 20
    /// The same where all of the blob is on its way to somebody who wants it.
    static let smallBlockByteCount: Int64 = 64 << 10
    /// How far behind the position of a transfer that has just begun somebody waits for it, in
    /// bytes; later it is how far it comes within ``TransferPace/waitLimit``. What lies farther
    /// is fetched for them.
    static let waitByteLimit: Int64 = 8 << 20
    /// How many bytes a transfer receives in vain, since they have come already, to go on behind
    /// them, once it is there: to end it costs what is on its way, and another request.
    static let passByteLimit: Int64 = 2 << 20
    /// What may be received so of the whole blob, as a part of it, before transfers are ended
    /// sooner, where that costs next to nothing.
    static let passShare: Int64 = 1024
    /// The longest part of a blob that is fetched at a time for a range, or for somebody who
    /// wants all while others read ranges.
    static let partByteLimit: Int64 = 32 << 20
    /// The same where only ranges are wanted, so that one that is wanted meanwhile need not be
    /// taken from what is on its way.
    static let backgroundByteLimit: Int64 = 8 << 20
    /// Transfers for ranges at the same time; more ranges wait.
    static let rangeTransferLimit = 8

    /// Whether upstream sends parts of blobs.
    enum RangeSupport {
        case unknown, given, refused
    }

    /// One transfer, by its number.
    struct Transfer: Hashable {
        let number: Int
        /// Whether it was begun for a range that somebody wants.
        let isForRange: Bool
        /// What it still has to bring.
        fileprivate(set) var rest: Range<Int64>
        /// Where its download ends.
        fileprivate var end: Int64
        /// How many bytes its download would bring that others bring.
        fileprivate var takenByteCount: Int64 = 0
        /// Whether nothing was left to it when they were taken.
        fileprivate var isRelieved = false
        fileprivate var pace = TransferPace()
    }

    /// Size of the blob, once it is known.
    private(set) var total: Int64?
    private(set) var arrived = ByteRanges()
    private(set) var rangeSupport = RangeSupport.unknown
    /// What is wanted and not being fetched yet.
    private(set) var wants = RangeWants()
    private(set) var transfers: [Transfer] = []
    /// Whether somebody has wanted a range far ahead of the transfer that goes through all.
    private var isReadByRanges = false
    /// What has been received in vain.
    private var passedByteCount: Int64 = 0
    /// How fast the transfers that go through all, one behind the other, are.
    private var pace = TransferPace()
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

    // MARK: Beginning transfers

    /// Begins a transfer for a range that somebody wants, if there is one.
    mutating func beginWanted() -> Transfer? {
        guard hasWanted,
            let range = wants.takeFirst(upTo: Self.partByteLimit, by: nextNumber + 1, isRunning)
        else { return nil }
        return begin(range, isForRange: true)
    }

    /// Whether ``beginWanted()`` would begin one.
    var hasWanted: Bool {
        transfers.count(where: \.isForRange) < Self.rangeTransferLimit
            && wants.hasFirst(isRunning)
    }

    private func isRunning(_ number: Int) -> Bool { index(of: number) != nil }

    /// Begins the transfer of the first bytes that nobody fetches.
    ///
    /// - Parameter isWanted: whether somebody wants all of the blob.
    mutating func beginNext(isWanted: Bool) -> Transfer? {
        guard let gap = nextGap else { return nil }
        var limit = Self.backgroundByteLimit
        if isWanted { limit = isReadByRanges ? Self.partByteLimit : .max }
        return begin(gap.prefix(limit), isForRange: false)
    }

    /// Whether ``beginNext(isWanted:)`` would begin one.
    var hasNext: Bool { nextGap != nil }

    private var nextGap: Range<Int64>? { claimed.gaps(in: 0..<(total ?? .max)).first }

    /// What is there, or will come.
    private var claimed: ByteRanges {
        var claimed = arrived
        for transfer in transfers { claimed.insert(transfer.rest) }
        for range in wants.ranges { claimed.insert(range) }
        return claimed
    }

    private mutating func begin(_ range: Range<Int64>, isForRange: Bool) -> Transfer {
        nextNumber += 1
        var transfer = Transfer(
            number: nextNumber, isForRange: isForRange, rest: range, end: range.upperBound)
        if !isForRange { transfer.pace = pace }
        transfers.append(transfer)
        return transfer
    }

    // MARK: Transfers on their way

    private func index(of number: Int) -> Int? {
        transfers.firstIndex { $0.number == number }
    }

    /// What a transfer still has to bring; part of it may have been taken from it.
    func rest(of transfer: Transfer) -> Range<Int64>? {
        index(of: transfer.number).map { transfers[$0].rest }
    }

    /// A transfer asks upstream for what it has to bring, and for nothing that was taken from it.
    ///
    /// - Returns: what that is.
    mutating func willAsk(for transfer: Transfer) -> Range<Int64>? {
        guard let index = index(of: transfer.number) else { return nil }
        transfers[index].end = transfers[index].rest.upperBound
        transfers[index].takenByteCount = 0
        transfers[index].isRelieved = false
        return transfers[index].rest
    }

    mutating func didReceive(_ count: Int64, by transfer: Transfer, at now: WallTime) {
        guard let index = index(of: transfer.number) else { return }
        let rest = transfers[index].rest
        let position = min(rest.lowerBound + count, rest.upperBound)
        arrived.insert(rest.lowerBound..<position)
        transfers[index].rest = position..<rest.upperBound
        transfers[index].pace.didReceive(count, at: now)
        if !transfer.isForRange { pace = transfers[index].pace }
    }

    /// Whether a transfer is better ended, as soon as nothing of it is on its way here, than led
    /// into what others bring: another one goes on as far as that.
    func isToEnd(_ transfer: Transfer) -> Bool {
        guard rangeSupport == .given, let index = index(of: transfer.number) else { return false }
        let allowance = (total ?? 0) / Self.passShare - passedByteCount
        return transfers[index].isRelieved || transfers[index].takenByteCount > max(0, allowance)
    }

    /// A transfer has brought all of its part, and could go on up to `end`: it takes up what nobody
    /// brings of that, if nothing but bytes that have come lies between, and not too many.
    ///
    /// - Returns: how many bytes these are; nil when it should end.
    mutating func extend(_ transfer: Transfer, upTo end: Int64) -> Int64? {
        guard let index = index(of: transfer.number), transfers[index].rest.isEmpty
        else { return nil }
        let position = transfers[index].rest.upperBound
        let ahead = position..<max(position, min(end, total ?? .max))
        guard let gap = claimed.gaps(in: ahead).first else { return nil }
        let between = position..<gap.lowerBound
        guard rangeSupport == .refused || between.count <= Self.passByteLimit,
            arrived.contains(between)
        else { return nil }
        let count = Int64(between.count)
        transfers[index].rest = gap
        transfers[index].end = max(transfers[index].end, gap.upperBound)
        transfers[index].takenByteCount = max(0, transfers[index].takenByteCount - count)
        passedByteCount += count
        return count
    }

    /// A transfer has ended; what it did not bring is there for others.
    ///
    /// - Parameter isWanted: whether that is still to be fetched by itself.
    mutating func end(_ transfer: Transfer, isWanted: Bool = false) {
        guard let index = index(of: transfer.number) else { return }
        let rest = transfers.remove(at: index).rest
        if isWanted, rangeSupport != .refused { wants.insertFirst(rest) }
    }

    // MARK: What is learned

    /// The size has become known.
    mutating func learn(total: Int64) {
        self.total = total
        for index in transfers.indices where transfers[index].rest.upperBound > total {
            let start = min(transfers[index].rest.lowerBound, total)
            transfers[index].rest = start..<total
        }
    }

    /// Upstream has answered for a range. One that has sent a blob whole instead is not asked for
    /// ranges any more.
    mutating func learn(_ support: RangeSupport) {
        if rangeSupport == .refused { return }
        rangeSupport = support
        if support == .refused { wants = RangeWants() }
    }
}

// MARK: - What is wanted

extension FillPlan {
    /// Somebody is going to read `range`, of which whole blocks are fetched.
    mutating func want(
        _ range: Range<Int64>, inBlocksOf size: Int64 = Self.blockByteCount, at now: WallTime
    ) {
        guard let total, rangeSupport != .refused, !range.isEmpty else { return }
        let first = range.lowerBound / size * size
        let blocks = (range.upperBound - 1) / size + 1
        for gap in arrived.gaps(in: first..<min(total, blocks * size)) {
            claim(gap, from: range.lowerBound, at: now)
        }
    }

    /// Looks again whether what somebody waits for comes soon, if it is time to.
    mutating func lookAgain(at now: WallTime) {
        for range in wants.takeAwaited(at: now) {
            for gap in arrived.gaps(in: range) { claim(gap, from: gap.lowerBound, at: now) }
        }
    }

    /// Lets whoever reads `gap` from `offset` on wait for transfers that will bring it soon; what
    /// others would bring late is taken from them, and wanted by itself.
    private mutating func claim(_ gap: Range<Int64>, from offset: Int64, at now: WallTime) {
        var coming = ByteRanges()
        for index in transfers.indices where transfers[index].rest.overlaps(gap) {
            let distance = max(0, offset - transfers[index].rest.lowerBound)
            if distance < transfers[index].pace.reach(at: now) {
                coming.insert(transfers[index].rest)
                wants.wait(for: transfers[index].rest.clamped(to: gap), at: now)
            } else {
                take(gap, from: index)
            }
        }
        for part in coming.gaps(in: gap) { insert(part, from: offset, at: now) }
    }

    /// A range is wanted that no transfer brings soon.
    private mutating func insert(_ range: Range<Int64>, from offset: Int64, at now: WallTime) {
        isReadByRanges = true
        let new = wants.insert(range, from: offset) { number in
            transfers.first { $0.number == number }.map {
                $0.pace.reach(at: now) - Int64($0.rest.count)
            }
        }
        for index in transfers.indices {
            let path = transfers[index].rest.upperBound..<transfers[index].end
            for part in new {
                transfers[index].takenByteCount += Int64(part.clamped(to: path).count)
            }
        }
    }

    /// Takes what lies in `gap` from a transfer. Of one that is for a range itself, the bytes
    /// behind that are still wanted, when it has ended.
    private mutating func take(_ gap: Range<Int64>, from index: Int) {
        let rest = transfers[index].rest
        let taken = rest.clamped(to: gap)
        transfers[index].rest = rest.lowerBound..<taken.lowerBound
        if taken.lowerBound == rest.lowerBound { transfers[index].isRelieved = true }
        guard transfers[index].isForRange else { return }
        wants.insert(taken.upperBound..<rest.upperBound, behind: transfers[index].number)
    }
}

extension Range<Int64> {
    /// At most the first `limit` of it.
    func prefix(_ limit: Int64) -> Range<Int64> {
        count > limit ? lowerBound..<lowerBound + limit : self
    }
}

/// How fast a transfer has brought bytes lately, as a value. Times are passed in.
struct TransferPace: Hashable {
    /// Somebody waits for what a transfer is going to bring within this, and so long.
    static let waitLimit = Duration.seconds(1)

    /// Since when bytes have been counted; nil before the first.
    private var start: WallTime?
    /// What came since then.
    private var count: Int64 = 0
    /// What came in as much time before that; nil when it had not begun.
    private var former: Int64?

    mutating func didReceive(_ byteCount: Int64, at now: WallTime) {
        turn(to: now)
        start = start ?? now
        count += byteCount
    }

    /// How many bytes it is likely to bring within ``waitLimit``: as many as it has lately. One
    /// that has just begun is given the benefit of the doubt, one that stands still is not.
    func reach(at now: WallTime) -> Int64 {
        var pace = self
        pace.turn(to: now)
        guard let start = pace.start, let former = pace.former else {
            return max(pace.count, FillPlan.waitByteLimit)
        }
        let rest = (Self.waitLimit - (now - start)) / Self.waitLimit
        return pace.count + Int64(Double(former) * min(max(rest, 0), 1))
    }

    /// Begins to count anew where it is time.
    private mutating func turn(to now: WallTime) {
        guard let start else { return }
        let age = now - start
        if age >= .zero, age < Self.waitLimit { return }
        let isNext = age >= .zero && age < Self.waitLimit * 2
        former = isNext ? count : 0
        self.start = isNext ? start + Self.waitLimit : now
        count = 0
    }
}

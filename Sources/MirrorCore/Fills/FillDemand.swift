/// How much of a blob is wanted, and how urgently, from the least to the most.
enum FillDemand: Int, Comparable {
    /// Ranges of it, which are named beforehand; the rest is completed behind them.
    case ranges
    /// All of it, and nobody waits for it.
    case unawaited
    /// All of it.
    case whole

    init(_ demand: BlobDemand) {
        self = demand == .whole ? .whole : .ranges
    }

    static func < (left: FillDemand, right: FillDemand) -> Bool { left.rawValue < right.rawValue }
}

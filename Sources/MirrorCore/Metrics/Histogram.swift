internal import MirrorSystem

/// The bounds that something measured is sorted by, in whole units of its own, and how many of
/// these make the unit that is shown.
public struct HistogramBounds: Hashable, Sendable {
    /// The bounds, rising.
    public let values: [Int64]
    /// How many units make one that is shown.
    public let scale: Double

    /// Bounds in whole units.
    public init(_ values: [Int64], scale: Double = 1) {
        self.values = values
        self.scale = scale
    }

    /// From 5 ms to a minute, measured in nanoseconds and shown in seconds: those that the
    /// reference registry has for requests.
    public static let seconds = HistogramBounds(
        [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 60_000].map {
            $0 * 1_000_000
        }, scale: 1e9)

    /// From 1 KiB to 2 GiB, each twice the one before: those that the reference registry has.
    public static let bytes = HistogramBounds((0..<22).map { 1024 << $0 })

    /// The place of the first bound that is not below `amount`.
    package func place(of amount: Int64) -> Int {
        var place = 0
        while place < values.count, values[place] < amount { place += 1 }
        return place
    }

    /// Cells that a distribution takes: one for each bound, one for what is above, one for the sum.
    package var cellCount: Int { values.count + 2 }

    /// What the cells of a distribution say.
    package func distribution(_ cell: (Int) -> Int64) -> Distribution {
        Distribution(
            bounds: values.map { Double($0) / scale }, counts: (0...values.count).map(cell),
            sum: Double(cell(values.count + 1)) / scale)
    }
}

/// How often something measured was how large, added to from any thread.
public final class Histogram: Sendable {
    private let bounds: HistogramBounds
    private let cells: AtomicCells

    /// A histogram of nothing yet.
    public init(_ bounds: HistogramBounds) {
        self.bounds = bounds
        cells = AtomicCells(count: bounds.cellCount)
    }

    /// Takes a measurement in.
    public func record(_ amount: Int64) {
        cells.add(1, at: bounds.place(of: amount))
        cells.add(amount, at: bounds.values.count + 1)
    }

    /// Takes a time in, where the bounds are ``HistogramBounds/seconds``.
    public func record(_ time: Duration) {
        record(time.nanoseconds)
    }

    /// What was measured.
    public var distribution: Distribution { bounds.distribution { cells[$0] } }
}

internal import MirrorSystem

/// A number that is added to from any thread, for a relaxed atomic addition each time.
public final class Counter: Sendable {
    private let cell = AtomicCells(count: 1)

    /// Begins at zero.
    public init() {}

    /// Adds to it.
    public func add(_ amount: Int64 = 1) {
        cell.add(amount, at: 0)
    }

    /// What it has come to.
    public var value: Int64 { cell[0] }
}

/// A label's values, of which there are few.
public protocol MetricLabel: CaseIterable, Hashable, Sendable {
    /// As it is shown.
    var label: String { get }
}

extension MetricLabel where Self: RawRepresentable, RawValue == String {
    /// The raw value.
    public var label: String { rawValue }
}

/// One counter for each value of a label.
public final class Counters<Label: MetricLabel>: Sendable {
    private let values = Array(Label.allCases)
    private let cells: AtomicCells

    /// All begin at zero.
    public init() {
        cells = AtomicCells(count: values.count)
    }

    /// Adds to one of them.
    public func add(_ amount: Int64 = 1, _ label: Label) {
        guard let index = values.firstIndex(of: label) else { return }
        cells.add(amount, at: index)
    }

    /// What one of them has come to.
    public subscript(label: Label) -> Int64 {
        values.firstIndex(of: label).map { cells[$0] } ?? 0
    }

    /// All of them, as the numbers of a family whose only label this is.
    public func family(
        _ kind: MetricFamily.Kind, _ name: String, _ help: String, by label: String
    ) -> MetricFamily {
        var family = MetricFamily(kind, name, help, by: label)
        for value in values { family.add(.count(self[value]), value.label) }
        return family
    }
}

/// One thing that is measured, with a number for each combination of its labels: what a scrape
/// shows, as plain data.
///
/// Names and labels are those that monitoring systems of Prometheus's kind expect; nothing else
/// here knows of any.
public struct MetricFamily: Hashable, Sendable {
    /// What kind of numbers these are.
    public enum Kind: String, Hashable, Sendable {
        /// They only rise, and begin at zero when the process does.
        case counter
        /// They rise and fall.
        case gauge
        /// How often something measured was how large.
        case histogram
    }

    /// One number, or one distribution.
    public struct Sample: Hashable, Sendable {
        /// The values of the family's labels, in their order.
        public var labels: [String]
        /// What was counted or measured.
        public var value: Value
    }

    /// What was counted or measured.
    public enum Value: Hashable, Sendable {
        /// A whole number.
        case count(Int64)
        /// Any number.
        case number(Double)
        /// A distribution.
        case distribution(Distribution)
    }

    /// The name: lower-case words, the unit at its end, and `_total` behind that of a counter.
    public let name: String
    /// What is measured, in one sentence.
    public let help: String
    /// What kind of numbers these are.
    public let kind: Kind
    /// What tells the numbers apart. Of few values each: never names of repositories or clients.
    public let labels: [String]
    /// The numbers.
    public var samples: [Sample] = []

    /// A family without numbers.
    public init(_ kind: Kind, _ name: String, _ help: String, by labels: String...) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
    }

    /// A family of one number.
    public init(_ kind: Kind, _ name: String, _ help: String, _ count: Int64) {
        self.init(kind, name, help)
        add(.count(count))
    }

    /// Adds a number, with a value for each label.
    public mutating func add(_ value: Value, _ labels: String...) {
        precondition(labels.count == self.labels.count, "\(name) has labels \(self.labels)")
        samples.append(Sample(labels: labels, value: value))
    }

    /// The same with one number for each combination of labels.
    var addedUp: MetricFamily {
        var family = self
        family.samples = []
        var places: [[String]: Int] = [:]
        for sample in samples {
            if let place = places[sample.labels] {
                family.samples[place].value += sample.value
            } else {
                places[sample.labels] = family.samples.count
                family.samples.append(sample)
            }
        }
        return family
    }
}

/// How often something measured was at most how large.
public struct Distribution: Hashable, Sendable {
    /// The bounds, rising; what is above the last counts as well.
    public var bounds: [Double]
    /// How many lay at or below each bound and above the one before; one more for those above all.
    public var counts: [Int64]
    /// Everything measured, added up.
    public var sum: Double

    /// Describes a distribution.
    public init(bounds: [Double], counts: [Int64], sum: Double) {
        precondition(counts.count == bounds.count + 1)
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    /// How often it was measured.
    public var count: Int64 { counts.reduce(0, +) }
}

extension MetricFamily.Value {
    /// Adds numbers of one kind. Distributions have the same bounds then.
    static func += (value: inout MetricFamily.Value, other: MetricFamily.Value) {
        switch (value, other) {
        case (.count(let one), .count(let two)): value = .count(one + two)
        case (.distribution(var one), .distribution(let two)) where one.bounds == two.bounds:
            for (index, count) in two.counts.enumerated() { one.counts[index] += count }
            one.sum += two.sum
            value = .distribution(one)
        default: value = .number(value.number + other.number)
        }
    }

    private var number: Double {
        switch self {
        case .count(let count): Double(count)
        case .number(let number): number
        case .distribution(let distribution): distribution.sum
        }
    }
}

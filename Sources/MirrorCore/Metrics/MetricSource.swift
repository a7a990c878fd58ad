/// Something that can say what it has counted and measured.
public protocol MetricSource: Sendable {
    /// The numbers as they are now. Asked every few seconds, and from any thread: it takes no
    /// time that grows with what is held, and waits for nothing.
    var metrics: [MetricFamily] { get }
}

/// All that is measured in a process, put together from its parts.
///
/// An embedder that exports numbers in another form than ``MetricFamily`` reads
/// ``metrics`` and writes them as it likes.
public struct MetricsRegistry: MetricSource {
    private let sources: [any MetricSource]

    /// Puts sources together.
    public init(_ sources: [any MetricSource]) {
        self.sources = sources
    }

    /// One family for each name, in the order in which they first occur; what several sources say
    /// of the same name and labels is added up.
    public var metrics: [MetricFamily] {
        var families: [MetricFamily] = []
        var places: [String: Int] = [:]
        for family in sources.flatMap(\.metrics) {
            if let place = places[family.name] {
                families[place].samples += family.samples
            } else {
                places[family.name] = families.count
                families.append(family)
            }
        }
        return families.map(\.addedUp)
    }
}

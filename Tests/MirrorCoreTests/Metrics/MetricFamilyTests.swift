import MirrorCore
import MirrorTesting
import Testing

/// A source that says what a test wants.
private struct Told: MetricSource {
    let metrics: [MetricFamily]
}

@Suite struct MetricFamilyTests {
    private func family(_ name: String, _ label: String, _ value: MetricFamily.Value)
        -> MetricFamily
    {
        var family = MetricFamily(.counter, name, "Help.", by: "upstream")
        family.add(value, label)
        return family
    }

    @Test func whatSeveralSourcesSayOfOneNameStandsTogetherInTheOrderOfTheFirst() {
        let registry = MetricsRegistry([
            Told(metrics: [family("a_total", "one", .count(1)), family("b_total", "x", .count(9))]),
            Told(metrics: [family("a_total", "two", .count(2))]),
        ])
        #expect(registry.metrics.map(\.name) == ["a_total", "b_total"])
        #expect(registry.metrics[0].samples.map(\.labels) == [["one"], ["two"]])
        #expect(registry.count("b_total", "x") == 9)
    }

    @Test func whatIsSaidOfTheSameLabelsIsAddedUp() {
        let one = Distribution(bounds: [1, 2], counts: [1, 0, 2], sum: 7)
        let two = Distribution(bounds: [1, 2], counts: [0, 4, 1], sum: 11)
        let registry = MetricsRegistry([
            Told(metrics: [family("a", "x", .count(1)), family("h", "x", .distribution(one))]),
            Told(metrics: [family("a", "x", .number(0.5)), family("h", "x", .distribution(two))]),
        ])
        #expect(registry.metrics[0].samples.map(\.value) == [.number(1.5)])
        let sum = Distribution(bounds: [1, 2], counts: [1, 4, 3], sum: 18)
        #expect(registry.metrics[1].samples.map(\.value) == [.distribution(sum)])
    }

    @Test func aMeasurementCountsAtTheFirstBoundThatItDoesNotExceed() {
        let histogram = Histogram(HistogramBounds([10, 20], scale: 10))
        for amount: Int64 in [0, 10, 11, 20, 21, 500] { histogram.record(amount) }
        let distribution = histogram.distribution
        #expect(distribution.bounds == [1, 2])
        #expect(distribution.counts == [2, 2, 2])
        #expect(distribution.count == 6)
        #expect(distribution.sum == 56.2)
    }

    @Test func timesAreMeasuredInSeconds() {
        let histogram = Histogram(.seconds)
        histogram.record(.milliseconds(5))
        histogram.record(.seconds(61))
        #expect(histogram.distribution.counts.first == 1)
        #expect(histogram.distribution.counts.last == 1)
        #expect(histogram.distribution.sum == 61.005)
    }
}

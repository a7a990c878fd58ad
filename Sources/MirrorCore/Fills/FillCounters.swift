/// What became of fills.
enum FillOutcome: String, MetricLabel {
    /// The blob was stored.
    case stored
    /// All who waited got it, and it was not stored.
    case passed
    /// Nobody got it; it is left to be taken up.
    case failed
}

/// What became of fills, and how often an upstream broke one off that went on.
final class FillCounters: Sendable {
    let ended = Counters<FillOutcome>()
    let resumed = Counter()
}

extension FillCounters: MetricSource {
    var metrics: [MetricFamily] {
        [
            ended.family(
                .counter, "mirrord_fills_total", "Fills that have ended, by what became of them.",
                by: "outcome"),
            MetricFamily(
                .counter, "mirrord_fill_resumes_total",
                "How often upstream broke off a blob that was taken up again.", resumed.value),
        ]
    }
}

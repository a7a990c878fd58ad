extension EvictionReason: MetricLabel {}

/// What has been removed, by the reason.
final class EvictionCounters: Sendable {
    private let images = Counters<EvictionReason>()
    private let bytes = Counters<EvictionReason>()

    func didRemove(_ victim: EvictionVictim) {
        images.add(1, victim.reason)
        bytes.add(victim.byteCount, victim.reason)
    }
}

extension EvictionCounters: MetricSource {
    var metrics: [MetricFamily] {
        [
            images.family(
                .counter, "mirrord_evictions_total", "Images that were removed, by the reason.",
                by: "reason"),
            bytes.family(
                .counter, "mirrord_evicted_bytes_total",
                "Bytes of storage that were freed by it.", by: "reason"),
        ]
    }
}

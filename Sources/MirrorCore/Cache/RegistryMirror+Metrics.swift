extension RegistryMirror: MetricSource {
    /// What it was asked for, what it holds, fetches and removes, and what it knows of damage.
    public var metrics: [MetricFamily] {
        counters.metrics + fillMetrics + retention.metrics + integrityReport.metrics
    }

    private var fillMetrics: [MetricFamily] {
        let expected = fills.expected
        return fillRunner.counters.metrics + [
            MetricFamily(
                .gauge, "mirrord_fills_in_flight", "Blobs on their way into the store.",
                Int64(expected.count)),
            MetricFamily(
                .gauge, "mirrord_fills_expected_bytes",
                "Their sizes, as far as they are known.",
                expected.reduce(0) { $0 + $1.byteCount }),
        ]
    }
}

extension Retention: MetricSource {
    var metrics: [MetricFamily] {
        let totals = holdings.totals
        return [
            MetricFamily(
                .gauge, "mirrord_cache_objects",
                "Blobs and manifests that are held, each once.", Int64(totals.contentCount)),
            MetricFamily(
                .gauge, "mirrord_cache_bytes", "Their bytes, as far as they are known.",
                totals.byteCount),
            MetricFamily(
                .gauge, "mirrord_cache_complete",
                "1 once all that is held is known, and counted in these.",
                isComplete ? 1 : 0),
            room("mirrord_storage_size_bytes", "Size of the storage's volume.", space?.total),
            room(
                "mirrord_storage_available_bytes", "Bytes that can still be written there.",
                space?.available),
        ] + removed.metrics
    }

    private func room(_ name: String, _ help: String, _ byteCount: Int64?) -> MetricFamily {
        var family = MetricFamily(.gauge, name, help)
        if let byteCount { family.add(.count(byteCount)) }
        return family
    }
}

extension IntegrityReport {
    fileprivate var metrics: [MetricFamily] {
        [
            MetricFamily(
                .counter, "mirrord_scrub_checked_total",
                "Blobs and manifests that the scrub has read and found right.", Int64(soundCount)),
            MetricFamily(
                .counter, "mirrord_scrub_checked_bytes_total", "Their bytes.", soundByteCount),
            MetricFamily(
                .counter, "mirrord_scrub_skipped_total",
                "What the scrub could not read, which says nothing of it.", Int64(skippedCount)),
            MetricFamily(
                .counter, "mirrord_scrub_passes_total",
                "How often the scrub has been through everything.", Int64(passCount)),
            MetricFamily(
                .counter, "mirrord_damaged_total",
                "Blobs and manifests that were found damaged.", Int64(damagedCount)),
            MetricFamily(
                .counter, "mirrord_damaged_in_place_total",
                "How many of these could not be set aside.", Int64(inPlaceCount)),
            MetricFamily(
                .counter, "mirrord_healed_total",
                "How many of these were put right from memory.", Int64(healedCount)),
        ]
    }
}

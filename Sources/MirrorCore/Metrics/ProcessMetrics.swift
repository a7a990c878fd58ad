internal import MirrorSystem

/// What the kernel says of this process, under the names that all exporters have for it. To ask
/// blocks, if only shortly.
public struct ProcessMetrics: MetricSource {
    /// There is only one process.
    public init() {}

    /// The numbers; none where the kernel does not say.
    public var metrics: [MetricFamily] {
        let descriptors = [
            ProcessStatus.openDescriptorCount.map {
                MetricFamily(
                    .gauge, "process_open_fds", "Descriptors that are open.", Int64($0))
            },
            MetricFamily(
                .gauge, "process_max_fds", "Descriptors that may be open.",
                Int64(DescriptorLimit.current)),
        ]
        return descriptors.compactMap(\.self) + (ProcessStatus.current?.metrics ?? [])
    }
}

extension ProcessStatus {
    fileprivate var metrics: [MetricFamily] {
        var processor = MetricFamily(
            .counter, "process_cpu_seconds_total", "Processors' time used, in seconds.")
        processor.add(.number(processorSeconds))
        var start = MetricFamily(
            .gauge, "process_start_time_seconds", "When it was started, in seconds since 1970.")
        start.add(.number(startSeconds))
        return [
            processor, start,
            MetricFamily(
                .gauge, "process_resident_memory_bytes", "Memory used.", residentByteCount),
            MetricFamily(
                .gauge, "process_virtual_memory_bytes", "Addresses used.", virtualByteCount),
            MetricFamily(.gauge, "process_threads", "Threads that it has.", threadCount),
        ]
    }
}

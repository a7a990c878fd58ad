public import MirrorCore

/// Which version of the program this is.
public struct BuildMetrics: MetricSource {
    /// There is only one program.
    public init() {}

    /// Always 1: the labels tell.
    public var metrics: [MetricFamily] {
        var family = MetricFamily(
            .gauge, "mirrord_build_info", "Always 1; the version is a label.", by: "version")
        family.add(.count(1), ProductVersion.text)
        return [family]
    }
}

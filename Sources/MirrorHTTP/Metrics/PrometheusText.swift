public import MirrorCore

/// Writes numbers as Prometheus reads them: its text-based exposition format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
public enum PrometheusText {
    /// What it is called in `Content-Type`.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All families; those without numbers are left out. Of several families of one name the
    /// format allows none: put them together by a ``MetricsRegistry``.
    public static func bytes(_ families: [MetricFamily]) -> [UInt8] {
        var text = ""
        for family in families where !family.samples.isEmpty { append(family, to: &text) }
        return Array(text.utf8)
    }

    private static func append(_ family: MetricFamily, to text: inout String) {
        text += "# HELP \(family.name) \(escaped(family.help, quoted: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in family.samples {
            let labels = zip(family.labels, sample.labels).map { name, value in
                "\(name)=\"\(escaped(value, quoted: true))\""
            }
            switch sample.value {
            case .count(let count): line(family.name, labels, "\(count)", &text)
            case .number(let number): line(family.name, labels, digits(number), &text)
            case .distribution(let distribution):
                append(distribution, family.name, labels, to: &text)
            }
        }
    }

    /// Each bound counts all at or below it.
    private static func append(
        _ distribution: Distribution, _ name: String, _ labels: [String], to text: inout String
    ) {
        var count: Int64 = 0
        let bounds = distribution.bounds.map(digits) + ["+Inf"]
        for (bound, more) in zip(bounds, distribution.counts) {
            count += more
            line(name + "_bucket", labels + ["le=\"\(bound)\""], "\(count)", &text)
        }
        line(name + "_sum", labels, digits(distribution.sum), &text)
        line(name + "_count", labels, "\(count)", &text)
    }

    private static func line(
        _ name: String, _ labels: [String], _ value: String, _ text: inout String
    ) {
        let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        text += "\(name)\(list) \(value)\n"
    }

    /// A number as Go's `ParseFloat` reads it; whole ones without a fraction.
    private static func digits(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return "\(whole)" }
        if number.isNaN { return "NaN" }
        return number.isInfinite ? (number < 0 ? "-Inf" : "+Inf") : "\(number)"
    }

    private static func escaped(_ text: String, quoted: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quoted: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

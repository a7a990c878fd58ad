internal import MirrorCore

/// The few numbers that the reference registry's line 2.8 has of a mirror, in its form:
/// `{"registry":{"proxy":{"blobs":{"Requests":…},"manifests":{…}}}}`.
struct DebugVariables {
    private static let names = [
        ("Requests", "registry_proxy_requests_total"), ("Hits", "registry_proxy_hits_total"),
        ("Misses", "registry_proxy_misses_total"),
        ("BytesPulled", "registry_proxy_pulled_bytes_total"),
        ("BytesPushed", "registry_proxy_pushed_bytes_total"),
    ]

    private let families: [MetricFamily]

    init(_ families: [MetricFamily]) {
        self.families = families
    }

    var json: [UInt8] {
        let proxy = [("blobs", "blob"), ("manifests", "manifest")].map { key, type in
            let numbers = Self.names.map { "\"\($0)\":\(count($1, type))" }
            return "\"\(key)\":{\(numbers.joined(separator: ","))}"
        }
        return Array("{\"registry\":{\"proxy\":{\(proxy.joined(separator: ","))}}}\n".utf8)
    }

    private func count(_ name: String, _ type: String) -> Int64 {
        let samples = families.first { $0.name == name }?.samples ?? []
        guard case .count(let count) = samples.first(where: { $0.labels == [type] })?.value else {
            return 0
        }
        return count
    }
}

public import MirrorCore
internal import Synchronization

/// What an ``HTTPServer`` has been asked and has sent, by the parts of its API.
///
/// Each loop counts for itself, so nothing on the way of a request is shared.
public final class ServerMetrics: Sendable {
    private let handlers: any RequestHandlers
    private let counters = Mutex<[ExchangeCounters]>([])
    private let connections = Mutex<ConnectionCount?>(nil)

    /// Numbers of a server whose requests are told apart by `handlers`.
    public init(_ handlers: any RequestHandlers = RegistryHandlers()) {
        self.handlers = handlers
    }

    /// Counters for one loop, which is to be the only one to add to them.
    func makeCounters() -> ExchangeCounters {
        let made = ExchangeCounters(handlers)
        counters.withLock { $0.append(made) }
        return made
    }

    /// Whose connections these are.
    func count(_ count: ConnectionCount) {
        connections.withLock { $0 = count }
    }
}

extension ServerMetrics: MetricSource {
    /// The numbers of all loops together; of those combinations of labels that have occurred.
    public var metrics: [MetricFamily] {
        let all = counters.withLock { $0 }
        return all.flatMap(\.metrics) + connectionMetrics
    }

    private var connectionMetrics: [MetricFamily] {
        guard let count = connections.withLock({ $0 }) else { return [] }
        return [
            MetricFamily(
                .gauge, "mirrord_http_connections", "Connections that clients have open.",
                Int64(count.value)),
            MetricFamily(
                .counter, "mirrord_http_connections_total",
                "Connections that clients have opened.", count.opened),
            MetricFamily(
                .counter, "mirrord_http_connections_refused_total",
                "Connections that were closed at once, since there were too many.",
                count.refused),
        ]
    }
}

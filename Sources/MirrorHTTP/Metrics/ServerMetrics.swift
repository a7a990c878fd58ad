public import MirrorCore
internal import Synchronization

/// What an ``HTTPServer`` has been asked and has sent, by the parts of its API.
///
/// Each loop counts for itself, so nothing on the way of a request is shared.
public final class ServerMetrics: Sendable {
    private let handlers: any RequestHandlers
    private let counters = Mutex<[ExchangeCounters]>([])
    /// The server's connections.
    let connections = ConnectionCount()

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
}

extension ServerMetrics: MetricSource {
    /// The numbers of all loops together; of those combinations of labels that have occurred.
    public var metrics: [MetricFamily] {
        let all = counters.withLock { $0 }
        return MetricsRegistry(all).metrics + connectionMetrics
    }

    private var connectionMetrics: [MetricFamily] {
        [
            MetricFamily(
                .gauge, "mirrord_http_connections", "Connections that clients have open.",
                Int64(connections.value)),
            MetricFamily(
                .counter, "mirrord_http_connections_total",
                "Connections that clients have opened.", connections.opened),
            MetricFamily(
                .counter, "mirrord_http_connections_refused_total",
                "Connections that were closed at once, since there were too many.",
                connections.refused),
        ]
    }
}

import MirrorCore
import MirrorHTTP

/// What operators watch.
extension Assembly {
    /// Looks at what the configuration names, and in any case at the storage: a mirror whose
    /// storage does not answer is not ready, whether or not clients are turned away for it.
    static func health(
        _ configuration: Configuration, _ storage: any StorageDriver, _ group: EventLoopGroup,
        _ logger: Logger
    ) throws -> HealthMonitor {
        let health = configuration.health
        let pace = health.storage ?? Configuration.Health.Pace()
        var checks = [
            HealthCheck.storage(
                storage, kind: configuration.storage.driver.name, every: pace.interval,
                threshold: pace.threshold, turnsClientsAway: health.storage != nil)
        ]
        checks += health.files.map {
            .noFile(at: $0.path, every: $0.pace.interval, threshold: $0.pace.threshold)
        }
        let client = HTTPClient(group: group)
        checks += health.servers.map { server in
            .http(
                server.url.text, server.request, expecting: HTTPStatus(server.status),
                by: client, within: server.timeout ?? server.pace.interval,
                every: server.pace.interval, threshold: server.pace.threshold)
        }
        checks += health.ports.map { port in
            .tcp(
                "\(port.host):\(port.number)", host: port.host, port: port.number, on: group,
                within: port.timeout ?? port.pace.interval, every: port.pace.interval,
                threshold: port.pace.threshold)
        }
        return HealthMonitor(checks, logger: logger)
    }

    /// Answers at an address of its own, where there is to be one.
    static func debugServer(
        _ debug: Configuration.Debug?, _ metrics: [any MetricSource], _ health: HealthMonitor,
        _ readiness: Readiness, _ group: EventLoopGroup, _ logger: Logger
    ) async throws -> HTTPServer? {
        guard let debug else { return nil }
        let own: [any MetricSource] = [health, BuildMetrics(), ProcessMetrics()]
        let responder = DebugResponder(
            MetricsRegistry(metrics + own), at: debug.metricsPath, health: health,
            readiness: readiness)
        return try await HTTPServer(
            at: debug.address, on: group, responder: responder, logger: logger)
    }
}

extension Configuration.Storage.Driver {
    /// As it is called in a configuration.
    var name: String {
        switch self {
        case .inMemory: "inmemory"
        case .fileSystem: "filesystem"
        }
    }
}

extension Configuration.Health.Server {
    fileprivate var request: ClientRequest {
        var fields = HTTPFields()
        for header in headers {
            guard let name = HTTPFieldName(header.name) else { continue }
            for value in header.values { fields.append(name, value) }
        }
        return ClientRequest(.head, url, fields: fields)
    }
}

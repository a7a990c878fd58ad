import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// A whole mirror that is watched: with a listener for clients, and one for who looks.
struct WatchedMirror: Sendable {
    let mirror: RegistryMirror
    let health: HealthMonitor
    let readiness = Readiness()
    private let server: HTTPServer
    private let debugServer: HTTPServer

    /// Starts a mirror of `upstream`. Its checks are looked at in ``watch(_:)`` alone.
    init(
        of upstream: ScriptedUpstream, over storage: any StorageDriver = MemoryDriver(),
        checks: [HealthCheck] = [], clock: any TimeSource = ImpatientClock()
    ) async throws {
        let counters = UpstreamCounters("docker.io")
        let registry = RegistryUpstream(
            try #require(HTTPURL(upstream.url)), client: HTTPClient(group: TestLoops.group),
            counters: counters)
        let budgeted = BudgetedUpstream(registry, counters: counters)
        let driver = MeteredDriver(storage, name: "inmemory")
        var options = RegistryMirror.Options()
        options.upstreamLabels = UpstreamLabels(main: "docker.io")
        mirror = RegistryMirror(
            storage: driver, upstream: budgeted, eviction: KeepingScheduler(), mayDelete: false,
            options: options, time: clock)
        health = HealthMonitor(checks, time: clock)
        let metrics = ServerMetrics()
        let address = ListenAddress.tcp(host: "127.0.0.1", port: 0)
        server = try await HTTPServer(
            at: address, on: TestLoops.group,
            responder: HealthGate(RegistryResponder(mirror), health: health), metrics: metrics)
        debugServer = try await HTTPServer(
            at: address, on: TestLoops.group,
            responder: DebugResponder(
                MetricsRegistry([
                    mirror, metrics, driver, budgeted, health, BuildMetrics(), ProcessMetrics(),
                ]),
                at: "/metrics", health: health, readiness: readiness))
        readiness.isUp = true
    }

    /// Lets its checks be looked at while `body` runs.
    func watch(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [health] in await health.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// A client's request.
    func ask(_ line: String, _ fields: String...) async throws -> RawAnswer {
        try await RawClient(host: "127.0.0.1:\(server.port)").ask(line, fields: fields)
    }

    /// A client's connection of its own.
    func connect() async throws -> RawClient {
        try await RawClient(host: "127.0.0.1:\(server.port)")
    }

    /// A request of who looks.
    func look(_ path: String, method: String = "GET") async throws -> RawAnswer {
        try await RawClient(host: "127.0.0.1:\(debugServer.port)").ask("\(method) \(path)")
    }

    /// All numbers, found to be in order.
    func scrape() async throws -> Exposition {
        let answer = try await look("/metrics")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try Exposition(answer.text)
    }
}

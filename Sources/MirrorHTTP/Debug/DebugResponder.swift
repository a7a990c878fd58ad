public import MirrorCore
internal import MirrorSystem

/// What operators and their programs look at, on a port of its own: health, readiness, numbers.
///
/// | path | answer |
/// |---|---|
/// | `/debug/health` | which checks fail that turn clients away, as JSON; 503 if any does |
/// | `/livez` | 200 as long as the process answers |
/// | `/readyz` | 200 while clients may be sent here, else 503 and why not |
/// | `/debug/vars` | hits and misses as JSON, as the reference registry's line 2.8 has them |
/// | the path of the numbers | ``PrometheusText`` |
public struct DebugResponder: Responder {
    /// Of its own, so that numbers can be had while the storage keeps all other threads waiting.
    private static let thread = BlockingPool(threadLimit: 1)

    private let metrics: any MetricSource
    private let metricsPath: String?
    private let health: HealthMonitor
    private let readiness: Readiness

    /// Tells of these.
    ///
    /// - Parameter metricsPath: where the numbers are; nil for nowhere.
    public init(
        _ metrics: any MetricSource, at metricsPath: String?, health: HealthMonitor,
        readiness: Readiness
    ) {
        self.metrics = metrics
        self.metricsPath = metricsPath
        self.health = health
        self.readiness = readiness
    }

    /// The answer to GET or HEAD of one of the paths.
    public func respond(to request: Request) async -> Response {
        guard request.head.method == .get || request.head.method == .head else {
            var response = text(.methodNotAllowed, "Method not allowed\n")
            response.fields.append(.allow, "GET, HEAD")
            return response
        }
        switch RequestTarget(request.head.target).withPath({ String(utf8: $0) }) {
        case metricsPath?: return await numbers()
        case "/debug/health": return healthReport()
        case "/debug/vars": return await variables()
        case "/livez": return text(.ok, "ok\n")
        case "/readyz": return readinessReport()
        default: return text(.notFound, "404 page not found\n")
        }
    }

    // MARK: Health

    private func healthReport() -> Response {
        let faults = health.faults.filter(\.turnsClientsAway)
        var json: [UInt8] = [UInt8(ascii: "{")]
        for (index, fault) in faults.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            JSONText.append(fault.check, to: &json)
            json.append(UInt8(ascii: ":"))
            JSONText.append(fault.reason, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        return respond(
            faults.isEmpty ? .ok : .serviceUnavailable, "application/json; charset=utf-8", json)
    }

    private func readinessReport() -> Response {
        var reasons = health.faults.map { "\($0.check): \($0.reason)\n" }
        if !readiness.isUp { reasons.insert("it is starting or stopping\n", at: 0) }
        return reasons.isEmpty
            ? text(.ok, "ok\n") : text(.serviceUnavailable, reasons.joined())
    }

    // MARK: Numbers

    private func numbers() async -> Response {
        let bytes = await Self.thread.run { [metrics] in PrometheusText.bytes(metrics.metrics) }
        return respond(.ok, PrometheusText.mediaType, bytes)
    }

    private func variables() async -> Response {
        let bytes = await Self.thread.run { [metrics] in
            DebugVariables(metrics.metrics).json
        }
        return respond(.ok, "application/json; charset=utf-8", bytes)
    }

    // MARK: Responses

    private func text(_ status: HTTPStatus, _ text: String) -> Response {
        respond(status, "text/plain; charset=utf-8", Array(text.utf8))
    }

    private func respond(_ status: HTTPStatus, _ type: String, _ bytes: [UInt8]) -> Response {
        var fields = HTTPFields(byteCount: 128)
        fields.append(.contentType, type)
        fields.append(.cacheControl, "no-store")
        return Response(status, fields, body: .bytes(bytes))
    }
}

public import MirrorCore

/// Turns clients away while a health check fails for which that is wanted: whatever they ask
/// for, as the reference registry does, so that they go to their next registry.
public struct HealthGate: Responder {
    private let base: any Responder
    private let health: HealthMonitor

    /// Lets `base` answer while all is well.
    public init(_ base: any Responder, health: HealthMonitor) {
        self.base = base
        self.health = health
    }

    /// The base's.
    public func refusal(_ status: HTTPStatus, _ reason: String) -> Response {
        base.refusal(status, reason)
    }

    /// The base's answer, or 503 `UNAVAILABLE`.
    public func respond(to request: Request) async -> Response {
        guard !health.servesClients else { return await base.respond(to: request) }
        let error = DistributionError(
            .serviceUnavailable, .unavailable, "service unavailable",
            detail: "health check failed: please see /debug/health")
        var fields = HTTPFields(byteCount: 64)
        fields.append(.contentType, "application/json")
        return Response(
            error.status, fields, body: .bytes(error.body),
            notes: [
                LogField("err.code", error.code.rawValue.lowercased()),
                LogField("err.message", error.message), LogField("err.detail", error.detail),
            ])
    }
}

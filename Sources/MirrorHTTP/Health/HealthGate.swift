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

    /// The base's answer, or its refusal with 503.
    public func respond(to request: Request) async -> Response {
        guard !health.servesClients else { return await base.respond(to: request) }
        return base.refusal(
            .serviceUnavailable, "health check failed: please see /debug/health")
    }
}

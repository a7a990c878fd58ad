public import MirrorCore

/// Leaves decisions to one controller for each registry of a mirror.
public struct RoutedAccess: AccessController {
    private let routes: UpstreamRoutes<any AccessController>

    /// Asks `others` about what is stored below their names, and `main` about all else.
    public init(main: any AccessController, others: [UpstreamName: any AccessController]) {
        routes = UpstreamRoutes(main: main, others: others)
    }

    /// What the registry's controller decides, which is asked for the repository by the name
    /// that it has there. The catalog is of all registries, so all have to agree.
    public func decide(_ request: AccessRequest) async -> AccessDecision {
        switch request.scope {
        case .base(let name): return await routes.part(named: name).decide(request)
        case .pull(let stored, let subject):
            let (controller, name) = routes.route(for: stored)
            var request = request
            request.scope = .pull(name, subject)
            return await controller.decide(request)
        case .catalog:
            var decision = AccessDecision.allowed(AccessGrant())
            for controller in routes.all {
                decision = await controller.decide(request)
                if case .refused = decision { break }
            }
            return decision
        }
    }
}

/// Decides of each tag as the registry that it belongs to would have it: see
/// ``UpstreamDirectory``. A registry's checker is told the repository's name there.
public struct RoutedFreshness: FreshnessChecker {
    private let routes: UpstreamRoutes<any FreshnessChecker>

    /// Asks `others` about what is stored below their names, and `main` about all else.
    public init(
        main: any FreshnessChecker, others: [UpstreamName: any FreshnessChecker]
    ) {
        routes = UpstreamRoutes(main: main, others: others)
    }

    /// What the checker of the tag's registry decides.
    public func decision(
        on record: TagRecord, at now: WallTime, outlook: UpstreamOutlook
    ) -> FreshnessDecision {
        let (checker, record) = route(record)
        return checker.decision(on: record, at: now, outlook: outlook)
    }

    /// What the checker of the tag's registry says.
    public func mayServe(
        _ record: TagRecord, after error: UpstreamError, at now: WallTime
    ) -> Bool {
        let (checker, record) = route(record)
        return checker.mayServe(record, after: error, at: now)
    }

    /// That of the repository's registry.
    public func notFoundMaxAge(in repository: RepositoryName) -> Duration {
        let (checker, name) = routes.route(for: repository)
        return checker.notFoundMaxAge(in: name)
    }

    private func route(_ record: TagRecord) -> (any FreshnessChecker, TagRecord) {
        var record = record
        let (checker, name) = routes.route(for: record.repository)
        record.repository = name
        return (checker, record)
    }
}

import MirrorCore
import Testing

/// Tags are fresh for as long as their own registry's policy says.
@Suite struct RoutedFreshnessTests {
    private let now = WallTime.seconds(1_700_000_000)
    private let freshness = RoutedFreshness(
        main: FreshnessPolicy(),
        others: [
            .made("ghcr.io"): FreshnessPolicy(maxAge: .seconds(60), keepsGone: false),
            .made("quay.io"): NamedChecker(name: .made("owner/app")),
        ])

    private func record(_ repository: String) -> TagRecord {
        TagRecord(
            repository: .made(repository), tag: .latest,
            digest: Digest(of: Array("x".utf8), by: .sha256), checkedAt: now)
    }

    @Test func eachRegistryHasItsOwnPolicy() {
        #expect(freshness.decision(on: record("owner/app"), at: now, outlook: .clear) == .ask)
        #expect(
            freshness.decision(on: record("ghcr.io/owner/app"), at: now, outlook: .clear)
                == .serve)
        let gone = UpstreamError(.notFound, "gone")
        #expect(freshness.mayServe(record("owner/app"), after: gone, at: now))
        #expect(!freshness.mayServe(record("ghcr.io/owner/app"), after: gone, at: now))
    }

    @Test func aPolicyIsToldTheNameThatARepositoryHasAtItsRegistry() {
        let record = record("quay.io/owner/app")
        #expect(freshness.decision(on: record, at: now, outlook: .clear) == .serveAndRefresh)
        #expect(freshness.mayServe(record, after: UpstreamError(.denied, ""), at: now))
    }
}

/// Says yes of one repository.
private struct NamedChecker: FreshnessChecker {
    let name: RepositoryName

    func decision(
        on record: TagRecord, at now: WallTime, outlook: UpstreamOutlook
    ) -> FreshnessDecision { record.repository == name ? .serveAndRefresh : .ask }

    func mayServe(
        _ record: TagRecord, after error: UpstreamError, at now: WallTime
    ) -> Bool { record.repository == name }
}

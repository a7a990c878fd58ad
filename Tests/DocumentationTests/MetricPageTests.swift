import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

/// The page for operators and what is measured say the same.
@Suite struct MetricPageTests {
    private let page: String

    init() throws { page = try Documentation.text("Docs/Operating.md") }

    /// All families of a whole mirror, whether or not there are numbers yet.
    private func families() async throws -> [MetricFamily] {
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let upstream = BudgetedUpstream(ScriptedFetcher())
        let driver = MeteredDriver(MemoryDriver(), name: "inmemory")
        let mirror = RegistryMirror(
            storage: driver, upstream: upstream, eviction: KeepingScheduler(), mayDelete: false)
        let metrics = ServerMetrics()
        let server = try await HTTPServer(
            at: .tcp(host: "127.0.0.1", port: 0), on: group, responder: RegistryResponder(mirror),
            metrics: metrics)
        let registry = MetricsRegistry([
            mirror, upstream, driver, metrics, HealthMonitor([]), BuildMetrics(),
            ProcessMetrics(),
        ])
        let families = registry.metrics
        await server.stop(drainingFor: .zero)
        return families
    }

    @Test func everyNumberIsDescribedWithItsTypeAndLabels() async throws {
        let rows = Documentation.rows(in: page)
        for family in try await families() {
            guard let row = rows[family.name] else {
                Issue.record("no word of \(family.name)")
                continue
            }
            let labels = family.labels.map { "`\($0)`" }.joined(separator: ", ")
            #expect(row.dropFirst().first == family.kind.rawValue, "the type of \(family.name)")
            #expect(row.dropFirst(2).first == (labels.isEmpty ? "none" : labels), "\(family.name)")
        }
    }

    @Test func everyNumberDescribedExists() async throws {
        let names = try await Set(families().map(\.name))
        #expect(names.count > 50)
        for name in Documentation.rows(in: page).keys where Self.isMetric(name) {
            #expect(names.contains(name), "there is no \(name)")
        }
    }

    @Test func alertsAreAboutNumbersThatExist() async throws {
        let names = try await Set(families().map(\.name))
        let rules = page.split(separator: "```yaml\ngroups:")
        let text = try #require(rules.last?.split(separator: "```").first)
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        let mentioned = words.filter(Self.isMetric)
        #expect(mentioned.count > 10)
        for name in mentioned { #expect(names.contains(name), "an alert about \(name)") }
    }

    private static func isMetric(_ name: String) -> Bool {
        ["mirrord_", "registry_", "process_"].contains { name.hasPrefix($0) }
    }

    // MARK: The log

    @Test func everyWarningIsExplained() throws {
        let sources = try Documentation.files(below: "Sources", ending: ".swift")
            .filter { !$0.hasPrefix("Sources/MirrorTesting/") }
        let messages = try sources.flatMap { LogMessage.all(in: try Documentation.text($0)) }
        #expect(messages.count > 30)
        for message in messages { #expect(page.contains(message), "no word of \(message)") }
    }
}

internal import MirrorSystem

/// What the registries of a mirror are called where numbers are told apart by them.
public struct UpstreamLabels: Sendable {
    /// The main one's.
    public let main: String
    let routes: UpstreamRoutes<Int>
    let names: [String]

    /// The main registry is called `main`, the others by their names.
    public init(main: String = "main", others: [UpstreamName] = []) {
        self.main = main
        let places = others.enumerated().map { ($1, $0 + 1) }
        routes = UpstreamRoutes(
            main: 0, others: Dictionary(places, uniquingKeysWith: { first, _ in first }))
        names = [main] + others.map(\.text)
    }
}

/// How a mirror came by its answers, by kind of content and by upstream; and how often what was
/// asked for was at hand.
final class CacheCounters: Sendable {
    /// What one kind of content of one upstream has.
    private static let rowLength = CacheStatus.allCases.count + MirrorError.Code.allCases.count

    private let upstreams: UpstreamLabels
    private let answers: AtomicCells
    private let looks = AtomicCells(count: 2)

    init(_ upstreams: UpstreamLabels) {
        self.upstreams = upstreams
        answers = AtomicCells(
            count: upstreams.names.count * CachedItem.Kind.allCases.count * Self.rowLength)
    }

    /// A client has been answered.
    func didAnswer(_ kind: CachedItem.Kind, in repository: RepositoryName, _ status: CacheStatus) {
        answers.add(1, at: row(kind, upstreams.routes.part(for: repository)) + status.place)
    }

    /// A client could not be given what it asked for.
    ///
    /// - Returns: the error, to be thrown.
    func noting(
        _ error: MirrorError, _ kind: CachedItem.Kind, in repository: RepositoryName
    ) -> MirrorError {
        let upstream = upstreams.routes.part(for: repository)
        answers.add(1, at: row(kind, upstream) + error.code.place)
        return error
    }

    /// Something was looked for in memory, or among what is open.
    func didLook(found: Bool) {
        looks.add(1, at: found ? 1 : 0)
    }

    private func row(_ kind: CachedItem.Kind, _ upstream: Int) -> Int {
        (upstream * CachedItem.Kind.allCases.count + (kind == .blob ? 0 : 1)) * Self.rowLength
    }
}

extension CacheStatus {
    fileprivate var place: Int {
        switch self {
        case .hit: 0
        case .miss: 1
        case .stale: 2
        case .revalidated: 3
        case .coalesced: 4
        }
    }
}

extension MirrorError.Code {
    fileprivate var place: Int {
        switch self {
        case .notFound: 5
        case .denied: 6
        case .rateLimited: 7
        case .unavailable: 8
        case .invalid: 9
        }
    }

    fileprivate var label: String {
        switch self {
        case .notFound: "not_found"
        case .denied: "denied"
        case .rateLimited: "rate_limited"
        case .unavailable: "unavailable"
        case .invalid: "invalid"
        }
    }
}

// MARK: As numbers

extension CacheCounters: MetricSource {
    var metrics: [MetricFamily] {
        [answered, failed] + ofReference + atHand
    }

    private func count(_ kind: CachedItem.Kind, _ upstream: Int, _ place: Int) -> Int64 {
        answers[row(kind, upstream) + place]
    }

    private var answered: MetricFamily {
        var family = MetricFamily(
            .counter, "mirrord_cache_answers_total",
            "Manifests and blobs that clients were given, by how the mirror came by them.",
            by: "upstream", "type", "cache")
        for (index, name) in upstreams.names.enumerated() {
            for kind in CachedItem.Kind.allCases {
                for status in CacheStatus.allCases {
                    let count = count(kind, index, status.place)
                    family.add(.count(count), name, kind.rawValue, status.rawValue)
                }
            }
        }
        return family
    }

    private var failed: MetricFamily {
        var family = MetricFamily(
            .counter, "mirrord_cache_failures_total",
            "Manifests and blobs that clients could not be given, by the reason.",
            by: "upstream", "type", "reason")
        for (index, name) in upstreams.names.enumerated() {
            for kind in CachedItem.Kind.allCases {
                for code in MirrorError.Code.allCases {
                    let count = count(kind, index, code.place)
                    family.add(.count(count), name, kind.rawValue, code.label)
                }
            }
        }
        return family
    }

    /// The same as the reference registry tells it: all upstreams together, and what need not be
    /// fetched is a hit.
    private var ofReference: [MetricFamily] {
        [
            total(
                "registry_proxy_requests_total", "Manifests and blobs that clients were given.",
                CacheStatus.allCases),
            total(
                "registry_proxy_hits_total", "How many of these were held.",
                [.hit, .revalidated, .stale]),
            total(
                "registry_proxy_misses_total", "How many of these were fetched.",
                [.miss, .coalesced]),
        ]
    }

    private func total(_ name: String, _ help: String, _ statuses: [CacheStatus]) -> MetricFamily {
        var family = MetricFamily(.counter, name, help, by: "type")
        for kind in CachedItem.Kind.allCases {
            let counts = upstreams.names.indices.flatMap { upstream in
                statuses.map { count(kind, upstream, $0.place) }
            }
            family.add(.count(counts.reduce(0, +)), kind.rawValue)
        }
        return family
    }

    private var atHand: [MetricFamily] {
        let (missed, found) = (looks[0], looks[1])
        return [
            MetricFamily(
                .counter, "registry_storage_cache_requests_total",
                "How often something was looked for in memory or among open files.",
                missed + found),
            MetricFamily(
                .counter, "registry_storage_cache_hits_total",
                "How often it was there, so that the storage was not asked.", found),
        ]
    }
}

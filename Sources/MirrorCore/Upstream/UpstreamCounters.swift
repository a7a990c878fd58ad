internal import MirrorSystem

/// What one upstream was asked, and what came of it.
///
/// A fetcher that speaks to a registry reports to it what that registry says; what limits such a
/// fetcher reports what was asked. See ``BudgetedUpstream``.
public final class UpstreamCounters: Sendable {
    /// What came of a request for a token.
    public enum TokenOutcome: String, MetricLabel {
        /// It was given.
        case fetched
        /// It was not.
        case failed
    }

    /// Statuses are counted up to this one; one above counts as 0.
    private static let lastStatus = 599

    /// What the upstream is called.
    public let name: String
    private let questions = AtomicCells(count: RequestKind.allCases.count * Outcome.allCases.count)
    private let times = RequestKind.allCases.map { _ in Histogram(.seconds) }
    private let running = AtomicCells(count: 1)
    private let bytes = Counters<CachedItem.Kind>()
    private let statuses = AtomicCells(count: lastStatus + 1)
    private let tokens = Counters<TokenOutcome>()

    /// Counts for an upstream of this name, as it stands behind ``UpstreamLabels``.
    public init(_ name: String = "main") {
        self.name = name
    }

    // MARK: What happens

    /// A server answered for the upstream with this HTTP status.
    public func didAnswer(status: Int) {
        statuses.add(1, at: (100...Self.lastStatus).contains(status) ? status : 0)
    }

    /// A token was asked for.
    public func didAskForToken(_ outcome: TokenOutcome) {
        tokens.add(1, outcome)
    }

    /// Bytes of a manifest or blob came.
    func didReceive(_ count: Int, of kind: CachedItem.Kind) {
        bytes.add(Int64(count), kind)
    }

    /// A question was begun that ``didEnd(_:_:after:)`` is going to be told of.
    func didBegin() {
        running.add(1, at: 0)
    }

    func didEnd(_ kind: RequestKind, _ outcome: Outcome, after time: Duration) {
        running.add(-1, at: 0)
        questions.add(1, at: place(kind, outcome))
        times[kind.place].record(time)
    }

    /// A question was not asked, since the upstream is to be left alone.
    func didHoldBack(_ kind: RequestKind) {
        questions.add(1, at: place(kind, .heldBack))
    }

    private func place(_ kind: RequestKind, _ outcome: Outcome) -> Int {
        kind.place * Outcome.allCases.count + outcome.place
    }

    /// What came of a question.
    enum Outcome: String, CaseIterable {
        case answered
        case notFound = "not_found"
        case denied
        case rateLimited = "rate_limited"
        case unavailable
        case invalid
        case heldBack = "held_back"

        init(_ error: UpstreamError?) {
            self =
                switch error?.code {
                case nil: .answered
                case .notFound: .notFound
                case .denied: .denied
                case .rateLimited: .rateLimited
                case .unavailable: .unavailable
                case .invalid: .invalid
                }
        }

        fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }
}

extension CachedItem.Kind: MetricLabel {}

extension RequestKind {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    fileprivate var label: String {
        switch self {
        case .check: "check"
        case .pull: "pull"
        case .blob: "blob"
        case .list: "list"
        }
    }
}

// MARK: As numbers

extension UpstreamCounters: MetricSource {
    /// All of it, each number with the upstream's name.
    public var metrics: [MetricFamily] {
        [asked, took, inFlight, received, answered, tokensAsked, pulled]
    }

    private var asked: MetricFamily {
        var family = MetricFamily(
            .counter, "mirrord_upstream_requests_total",
            "Questions for an upstream, by what came of them.", by: "upstream", "kind", "outcome")
        for kind in RequestKind.allCases {
            for outcome in Outcome.allCases {
                let count = questions[place(kind, outcome)]
                family.add(.count(count), name, kind.label, outcome.rawValue)
            }
        }
        return family
    }

    private var took: MetricFamily {
        var family = MetricFamily(
            .histogram, "mirrord_upstream_request_duration_seconds",
            "How long an upstream took to answer; of a blob, until it began.",
            by: "upstream", "kind")
        for kind in RequestKind.allCases {
            family.add(.distribution(times[kind.place].distribution), name, kind.label)
        }
        return family
    }

    private var inFlight: MetricFamily {
        var family = MetricFamily(
            .gauge, "mirrord_upstream_requests_in_flight",
            "Questions that an upstream has not answered yet.", by: "upstream")
        family.add(.count(running[0]), name)
        return family
    }

    private var received: MetricFamily {
        var family = MetricFamily(
            .counter, "mirrord_upstream_received_bytes_total",
            "Bytes of manifests and blobs that came from an upstream.", by: "upstream", "type")
        for kind in CachedItem.Kind.allCases {
            family.add(.count(bytes[kind]), name, kind.rawValue)
        }
        return family
    }

    private var answered: MetricFamily {
        var family = MetricFamily(
            .counter, "mirrord_upstream_responses_total",
            "HTTP responses from an upstream, from where it redirects to, and from its token "
                + "service.", by: "upstream", "code")
        for code in 0..<statuses.count where statuses[code] > 0 {
            family.add(.count(statuses[code]), name, "\(code)")
        }
        return family
    }

    private var tokensAsked: MetricFamily {
        var family = MetricFamily(
            .counter, "mirrord_upstream_tokens_total", "Tokens that were asked for.",
            by: "upstream", "outcome")
        for outcome in TokenOutcome.allCases {
            family.add(.count(tokens[outcome]), name, outcome.rawValue)
        }
        return family
    }

    private var pulled: MetricFamily {
        var family = MetricFamily(
            .counter, "registry_proxy_pulled_bytes_total",
            "Bytes of manifests and blobs that came from all upstreams.", by: "type")
        for kind in CachedItem.Kind.allCases { family.add(.count(bytes[kind]), kind.rawValue) }
        return family
    }
}

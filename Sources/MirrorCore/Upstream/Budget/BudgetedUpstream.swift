/// Asks another fetcher's upstream no more than the upstream allows and the operator wants, and
/// not at all while it is dead.
///
/// - What is refused with 429 is not asked again before the time has come; see
///   ``UpstreamBudget``.
/// - No more requests run at once, and no more bytes pass in a second, than ``UpstreamLimits``
///   say; what clients wait for goes first (``UpstreamPriority``).
/// - While several requests in a row waited in vain, nobody waits: a question behind the
///   clients' backs finds out when the upstream answers again.
public final class BudgetedUpstream: UpstreamFetcher {
    private let base: any UpstreamFetcher
    private let budget: UpstreamBudget
    private let time: any TimeSource
    private let breaker: UpstreamBreaker
    private let life: SignOfLife
    private let concurrency: Int
    private let slots: Slots<RequestClass>?
    private let bandwidth: BandwidthLimit?
    private let counters: UpstreamCounters

    /// Puts limits before a fetcher.
    ///
    /// - Parameters:
    ///   - base: asks the upstream.
    ///   - budget: what `base` reports to, if it reports.
    ///   - limits: what the operator wants.
    ///   - counters: counts what is asked; `base` may report to it, too.
    ///   - time: the clock.
    ///   - chance: numbers between 0 and 1, so that mirrors do not act all at once.
    ///   - logger: told when the upstream is left alone.
    public init(
        _ base: any UpstreamFetcher, budget: UpstreamBudget = UpstreamBudget(),
        limits: UpstreamLimits = UpstreamLimits(),
        counters: UpstreamCounters = UpstreamCounters(), time: any TimeSource = SystemTimeSource(),
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        logger: Logger = .disabled
    ) {
        self.base = base
        self.budget = budget
        self.counters = counters
        self.time = time
        breaker = UpstreamBreaker(
            base, failureLimit: limits.failures, time: time, chance: chance, logger: logger)
        life = SignOfLife(time)
        concurrency = limits.concurrency
        slots = concurrency > 0 ? Slots(concurrency: concurrency, time: time) : nil
        bandwidth =
            limits.bandwidth > 0 ? BandwidthLimit(rate: limits.bandwidth, time: time) : nil
    }

    // MARK: Questions

    /// Which manifest a tag names.
    public func resolve(
        _ tag: Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution {
        try await run(.check, .tag(tag, in: repository)) { () async throws(UpstreamError) in
            try await base.resolve(tag, in: repository)
        }
    }

    /// The bytes of a manifest.
    public func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest {
        let probe = UpstreamProbe(reference, in: repository)
        let manifest = try await run(.pull, probe) { () async throws(UpstreamError) in
            try await base.manifest(reference, in: repository)
        }
        counters.didReceive(manifest.bytes.count, of: .manifest)
        return manifest
    }

    /// Size and type of a blob.
    public func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        try await run(.blob, .digest(digest, in: repository)) { () async throws(UpstreamError) in
            try await base.blobInfo(digest, in: repository)
        }
    }

    /// The bytes of a blob; the download counts as a request until it ends.
    public func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload {
        let slot = try await slot(.blob)
        let probe = UpstreamProbe.digest(digest, in: repository)
        let download = try await ask(.blob, probe) { () async throws(UpstreamError) in
            try await base.blob(
                digest, in: repository, from: offset, to: end, ifStill: validator)
        }
        return BudgetedDownload(
            download, slot: slot, bandwidth: bandwidth, counters: counters, life: life)
    }

    /// The tags of a repository.
    public func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage {
        try await run(.list, .tags(in: repository)) { () async throws(UpstreamError) in
            try await base.tags(in: repository, from: position, limit: limit)
        }
    }

    /// The manifests that refer to another.
    public func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage {
        try await run(.list, .digest(digest, in: repository)) { () async throws(UpstreamError) in
            try await base.referrers(to: digest, in: repository, from: position)
        }
    }

    /// What may be expected of the upstream, by what it said and did.
    public func outlook(for repository: RepositoryName) -> UpstreamOutlook {
        guard breaker.isClosed else { return .closed }
        let outlooks = [budget.outlook, base.outlook(for: repository)]
        return outlooks.contains(.closed)
            ? .closed
            : outlooks.contains(.scarce) ? .scarce : .clear
    }

    /// Whether it has answered, or sent bytes, within the last 10 seconds.
    public func isAnswering(for repository: RepositoryName) -> Bool { life.isFresh }

    // MARK: Asking

    /// Asks the same upstream something that is another's business than the mirror's: it counts
    /// among the requests at once, and is not asked while the upstream is dead, but what the
    /// upstream allows the mirror has nothing to do with it.
    ///
    /// - Parameter repository: what it is about, where it is about one.
    package func ask<Value: Sendable>(
        forAnotherAbout repository: RepositoryName?,
        _ question: () async throws(UpstreamError) -> Value
    ) async throws(UpstreamError) -> Value {
        try breaker.admit()
        let slot = try await slot(as: .question)
        defer { slot?.giveBack() }
        let start = time.now
        let probe = repository.map { UpstreamProbe.tags(in: $0) }
        do throws(UpstreamError) {
            let value = try await question()
            if let probe { breaker.didEnd(nil, begunAt: start, probe: probe) }
            return value
        } catch {
            if let probe { breaker.didEnd(error, begunAt: start, probe: probe) }
            throw error
        }
    }

    private func run<Value: Sendable>(
        _ kind: RequestKind, _ probe: UpstreamProbe,
        _ question: () async throws(UpstreamError) -> Value
    ) async throws(UpstreamError) -> Value {
        let slot = try await slot(kind)
        defer { slot?.giveBack() }
        return try await ask(kind, probe, question)
    }

    /// A slot for a request, where their number is limited.
    private func slot(_ kind: RequestKind) async throws(UpstreamError) -> Slot? {
        guard slots != nil else { return nil }
        // Nobody waits for a slot only to be refused then.
        try admit(kind)
        let isBackground = UpstreamPriority.current == .background
        return try await slot(
            as: isBackground ? .background : kind == .blob ? .download : .question)
    }

    private func slot(as kind: RequestClass) async throws(UpstreamError) -> Slot? {
        guard let slots else { return nil }
        if let slot = await slots.take(kind) { return slot }
        throw UpstreamError(
            .unavailable, "all \(concurrency) requests that may be made of upstream are under way",
            retryAfter: RequestClass.waitTimeout)
    }

    private func ask<Value: Sendable>(
        _ kind: RequestKind, _ probe: UpstreamProbe,
        _ question: () async throws(UpstreamError) -> Value
    ) async throws(UpstreamError) -> Value {
        try admit(kind)
        let start = time.now
        counters.didBegin()
        do throws(UpstreamError) {
            let value = try await question()
            counters.didEnd(kind, .answered, after: time.now - start)
            budget.didEnd(kind, with: nil)
            breaker.didEnd(nil, begunAt: start, probe: probe)
            life.didEnd(nil)
            return value
        } catch {
            counters.didEnd(kind, UpstreamCounters.Outcome(error), after: time.now - start)
            budget.didEnd(kind, with: error)
            breaker.didEnd(error, begunAt: start, probe: probe)
            life.didEnd(error)
            throw error
        }
    }

    private func admit(_ kind: RequestKind) throws(UpstreamError) {
        do throws(UpstreamError) {
            try budget.admit(kind)
            try breaker.admit()
        } catch {
            counters.didHoldBack(kind)
            throw error
        }
    }
}

// MARK: As numbers

extension BudgetedUpstream: MetricSource {
    /// What was asked, and what the upstream allows.
    public var metrics: [MetricFamily] {
        counters.metrics + [isLeftAlone] + allowed
    }

    private var isLeftAlone: MetricFamily {
        gauge(
            "mirrord_upstream_circuit_open",
            "1 while an upstream does not answer and is left alone.",
            breaker.isClosed ? 0 : 1)
    }

    /// What the upstream stated last, as long as that is worth something.
    private var allowed: [MetricFamily] {
        let limit = budget.stated
        return [
            gauge(
                "mirrord_upstream_ratelimit_limit",
                "Requests that an upstream allows within its window.", limit?.limit),
            gauge(
                "mirrord_upstream_ratelimit_remaining", "How many of these are left.",
                limit?.remaining),
            gauge(
                "mirrord_upstream_ratelimit_window_seconds", "How long that window is.",
                limit?.window?.components.seconds),
        ]
    }

    private func gauge(_ name: String, _ help: String, _ value: Int64?) -> MetricFamily {
        var family = MetricFamily(.gauge, name, help, by: "upstream")
        if let value { family.add(.count(value), counters.name) }
        return family
    }
}

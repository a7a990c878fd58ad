/// The default: fresh for a while, then stale but servable for a while, then to be asked first.
///
/// The first of these that holds decides:
/// 1. The tag is younger than ``maxAge``, or ``immutable``: serve.
/// 2. Upstream is closed, and the tag younger than ``staleIfError``: serve stale.
/// 3. Upstream allows few more requests, and the tag is younger than ``scarceMaxAge`` and
///    ``staleIfError``: serve stale.
/// 4. It became older than all these within ``staleWhileRevalidate``: serve and refresh.
/// 5. Ask.
///
/// Age counts from when upstream last confirmed the tag. Where that is not known the tag is
/// asked for, and is of age zero when upstream cannot say.
public struct FreshnessPolicy: FreshnessChecker, Hashable {
    /// How long a tag is served without asking, from when upstream last confirmed it.
    public var maxAge: Duration
    /// How long after that it is served at once while upstream is asked behind.
    public var staleWhileRevalidate: Duration
    /// How long it is served when upstream cannot say, or would not answer.
    public var staleIfError: Duration
    /// What ``maxAge`` is at least while upstream allows few more requests.
    public var scarceMaxAge: Duration
    /// Whether a tag that upstream does not have any more is served as one that it cannot tell
    /// of.
    public var keepsGone: Bool
    /// How long upstream is not asked again for a tag, or for referrers, that it did not have.
    public var notFoundMaxAge: Duration
    /// Tags that never move: once held, they are never asked for again.
    public var immutable: TagPatterns

    /// Every tag is asked for each time, and served for 30 days when upstream cannot say.
    public init(
        maxAge: Duration = .zero, staleWhileRevalidate: Duration = .zero,
        staleIfError: Duration = .seconds(720 * 3600), scarceMaxAge: Duration = .seconds(3600),
        keepsGone: Bool = true, notFoundMaxAge: Duration = .zero,
        immutable: TagPatterns = TagPatterns()
    ) {
        self.maxAge = maxAge
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.scarceMaxAge = scarceMaxAge
        self.keepsGone = keepsGone
        self.notFoundMaxAge = notFoundMaxAge
        self.immutable = immutable
    }

    /// The first of the rules above that holds.
    public func decision(
        on record: TagRecord, at now: WallTime, outlook: UpstreamOutlook
    ) -> FreshnessDecision {
        let age = record.age(at: now)
        if let age, age < maxAge { return .serve }
        if immutable.match(record.tag) { return .serve }
        if outlook == .closed, age ?? .zero < staleIfError { return .serveStale }
        guard let age else { return .ask }
        var maxAge = maxAge
        if outlook == .scarce {
            maxAge = max(maxAge, min(scarceMaxAge, staleIfError))
            if age < maxAge { return .serveStale }
        }
        return age < maxAge + staleWhileRevalidate ? .serveAndRefresh : .ask
    }

    /// The same for each repository: see ``notFoundMaxAge``.
    public func notFoundMaxAge(in repository: RepositoryName) -> Duration { notFoundMaxAge }

    /// Whether the tag is ``immutable``, or younger than ``staleIfError`` and, where upstream does
    /// not have it any more, ``keepsGone``.
    public func mayServe(
        _ record: TagRecord, after error: UpstreamError, at now: WallTime
    ) -> Bool {
        if immutable.match(record.tag) { return true }
        if error.code == .notFound, !keepsGone { return false }
        return record.age(at: now) ?? .zero < staleIfError
    }
}

/// The default: fresh for a while, then stale but servable for a while, then to be asked first.
public struct FreshnessPolicy: FreshnessChecker, Hashable {
    /// How long a tag is served without asking, from when upstream last confirmed it.
    public var maxAge: Duration
    /// How long after that it is served at once while upstream is asked behind.
    public var staleWhileRevalidate: Duration
    /// How long it is served when upstream cannot say; a tag whose last check is not known any
    /// more counts as checked just now.
    public var staleIfError: Duration
    /// Whether a tag that upstream does not have any more is served as one that it cannot tell
    /// of.
    public var keepsGone: Bool

    /// Every tag is asked for each time, and served for 30 days when upstream cannot say.
    public init(
        maxAge: Duration = .zero, staleWhileRevalidate: Duration = .zero,
        staleIfError: Duration = .seconds(720 * 3600), keepsGone: Bool = true
    ) {
        self.maxAge = maxAge
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.keepsGone = keepsGone
    }

    public func decision(
        on record: TagRecord, at now: WallTime, outlook: UpstreamOutlook
    ) -> FreshnessDecision {
        guard let checkedAt = record.checkedAt else { return .ask }
        let age = now - checkedAt
        if age < maxAge { return .serve }
        return age < maxAge + staleWhileRevalidate ? .serveAndRefresh : .ask
    }

    public func mayServe(
        _ record: TagRecord, after error: UpstreamError, at now: WallTime
    ) -> Bool {
        if error.code == .notFound, !keepsGone { return false }
        guard let checkedAt = record.checkedAt else { return true }
        return now - checkedAt < staleIfError
    }
}

/// Decides whether a tag may be answered from what is held. Digests never reach it: their
/// content cannot change.
///
/// ### Rules for implementers
/// - It looks only at what it is given: it does not wait, reads no clock and keeps no state.
public protocol FreshnessChecker: Sendable {
    /// What to do for somebody who asks for a tag that is held, given what may be expected of
    /// its upstream.
    func decision(
        on record: TagRecord, at now: WallTime, outlook: UpstreamOutlook
    ) -> FreshnessDecision

    /// Whether what is held may be served although upstream, asked just now, gave `error`.
    func mayServe(_ record: TagRecord, after error: UpstreamError, at now: WallTime) -> Bool

    /// How long upstream is not asked again for a tag, or for referrers, that it said it does
    /// not have; zero to ask each time.
    func notFoundMaxAge(in repository: RepositoryName) -> Duration
}

extension FreshnessChecker {
    /// What upstream does not have is asked for each time unless the checker says otherwise.
    public func notFoundMaxAge(in repository: RepositoryName) -> Duration { .zero }
}

/// What to do for somebody who asks for a tag that is held.
public enum FreshnessDecision: Hashable, Sendable {
    /// Answer from what is held.
    case serve
    /// Answer from what is held, say that it may not be current, and ask upstream behind the
    /// client's back.
    case serveAndRefresh
    /// Answer from what is held, and say that it may not be current: upstream is to be spared.
    case serveStale
    /// Ask upstream, then answer.
    case ask
}

/// What is known of a tag that is held.
public struct TagRecord: Hashable, Sendable {
    /// The repository that has the tag.
    public var repository: RepositoryName
    /// The tag.
    public var tag: Tag
    /// The manifest that it named when upstream was last asked.
    public var digest: Digest
    /// When upstream last confirmed that; nil when that is not known any more.
    public var checkedAt: WallTime?

    /// Records what a tag names.
    public init(
        repository: RepositoryName, tag: Tag, digest: Digest, checkedAt: WallTime?
    ) {
        self.repository = repository
        self.tag = tag
        self.digest = digest
        self.checkedAt = checkedAt
    }

    /// How long ago upstream last confirmed what the tag names; nil when that is not known, or
    /// lies in the future, as it does after the clock was set back.
    public func age(at now: WallTime) -> Duration? {
        guard let checkedAt, checkedAt <= now else { return nil }
        return now - checkedAt
    }
}

/// Serves each tag that is held as it is: there is nobody to ask.
public struct NeverAsking: FreshnessChecker {
    /// Makes one; all of them are the same.
    public init() {}

    /// To serve.
    public func decision(
        on record: TagRecord, at now: WallTime, outlook: UpstreamOutlook
    ) -> FreshnessDecision { .serve }

    /// True.
    public func mayServe(
        _ record: TagRecord, after error: UpstreamError, at now: WallTime
    ) -> Bool { true }
}

/// What becomes of what an earlier process left of a blob, when nobody works on it.
enum Leftover: Hashable {
    /// The rest is fetched, for this repository.
    case takeUp(RepositoryName)
    /// The blob is stored; this repository, which its upstream gave it to, may lack the link.
    case link(RepositoryName)
    /// It is of no use any more.
    case remove
    /// It would be removed, and stays in a dry run.
    case keep

    /// - Parameters:
    ///   - byteCount: how many bytes of it there are.
    ///   - isStored: whether the whole blob is stored.
    init(
        _ trace: FillTrace?, byteCount: Int64, isStored: Bool, by policy: LeftoverPolicy,
        at now: WallTime
    ) {
        guard let trace else {
            self = .remove
            return
        }
        if let ageLimit = policy.ageLimit, now - trace.since >= ageLimit {
            self = policy.isDryRun ? .keep : .remove
            return
        }
        self =
            isStored
            ? .link(trace.repository) : byteCount > 0 ? .takeUp(trace.repository) : .remove
    }
}

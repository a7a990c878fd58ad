/// What becomes of what an earlier process left of a blob, when nobody works on it.
enum Leftover: Hashable {
    /// The rest is fetched, for this repository.
    case takeUp(RepositoryName)
    /// The blob is stored; this repository, which its upstream gave it to, may lack the link.
    case link(RepositoryName)
    /// It is of no use any more.
    case remove

    /// What nobody has gone on with for longer is not taken up.
    private static let ageLimit = Duration.seconds(24 * 3600)

    /// - Parameters:
    ///   - byteCount: how many bytes of it there are.
    ///   - isStored: whether the whole blob is stored.
    init(_ trace: FillTrace?, byteCount: Int64, isStored: Bool, at now: WallTime) {
        guard let trace, now - trace.since < Self.ageLimit else {
            self = .remove
            return
        }
        self =
            isStored
            ? .link(trace.repository) : byteCount > 0 ? .takeUp(trace.repository) : .remove
    }
}

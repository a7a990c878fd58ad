/// What becomes of a blob that was left unfinished, and that nobody has gone on with for long.
public struct LeftoverPolicy: Hashable, Sendable {
    /// For how long after the last work on it a blob is gone on with although nobody asks for it;
    /// nil for ever. What is older is removed.
    public var ageLimit: Duration? = .seconds(168 * 3600)
    /// Whether what is older stays, and is only told of.
    public var isDryRun = false

    /// A week.
    public init() {}
}

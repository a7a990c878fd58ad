/// What a manifest is wanted for.
public enum ManifestDemand: Hashable, Sendable {
    /// To pull what it names: it is of use only if that can be had.
    case image
    /// For what it says, or for what it is.
    case text
}

/// How much of a blob somebody is going to read.
public enum BlobDemand: Hashable, Sendable {
    /// All of it, or all behind some offset.
    case whole
    /// Ranges of it that they name beforehand, as lazy pullers do.
    case ranges
}

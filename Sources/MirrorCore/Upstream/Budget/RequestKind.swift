/// What an upstream may limit by itself.
enum RequestKind: Hashable, Sendable, CaseIterable {
    /// What a tag names, asked without fetching it: costs nothing at Docker Hub.
    case check
    /// A manifest: what Docker Hub counts as a pull.
    case pull
    /// A blob, or its size.
    case blob
    /// A list of tags or referrers.
    case list
}

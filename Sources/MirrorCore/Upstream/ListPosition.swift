/// Where a page of an upstream's list begins.
public enum ListPosition: Hashable, Sendable {
    /// At the beginning.
    case start
    /// Behind an entry, or behind what stands for one (OCI distribution-spec, "Listing Tags").
    case behind(String)
    /// Where the upstream's own link to the page leads, by the link's query: printable ASCII, and
    /// understood by that upstream alone.
    case link(String)
}

/// What this program calls itself.
public enum ProductVersion {
    /// The version by semantic versioning.
    public static let text = "0.1.0"
    static let name = "mirrord"
    /// How it introduces itself to other servers.
    public static let userAgent = "\(name)/\(text)"
}

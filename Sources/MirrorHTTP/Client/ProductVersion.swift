/// What this program calls itself.
public enum ProductVersion {
    /// The version by semantic versioning.
    public static let text = "0.1.0"
    /// How it introduces itself to other servers.
    public static let userAgent = "mirrord/\(text)"
}

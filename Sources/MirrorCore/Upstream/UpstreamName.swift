/// What a registry is called in the names of images: `docker.io`, `registry.example:5000`.
public struct UpstreamName: Hashable, Sendable, CustomStringConvertible {
    /// Docker Hub's.
    public static let dockerHub = UpstreamName(text: "docker.io", component: "docker.io")

    /// The name, in lower case.
    public let text: String
    /// The name as the first component of paths, and of the names that repositories are stored
    /// under: with an underscore for the colon, which may not stand there.
    public let component: String

    /// Checks that the name can be a component of a repository's name; nil when it cannot.
    public init?(_ text: String) {
        let text = text.lowercased()
        let component = String(text.map { $0 == ":" ? "_" : $0 })
        guard !component.contains("/"), RepositoryName(component) != nil else { return nil }
        self.init(text: text, component: component)
    }

    private init(text: String, component: String) {
        self.text = text
        self.component = component
    }

    /// The name, in lower case.
    public var description: String { text }
}

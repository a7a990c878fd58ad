/// One part of a kind for each registry of a mirror, found by the names that repositories are
/// stored under: see ``UpstreamDirectory``.
package struct UpstreamRoutes<Part: Sendable>: Sendable {
    package let main: Part
    private let others: [(component: String, part: Part)]

    package init(main: Part, others: [UpstreamName: Part]) {
        self.main = main
        self.others = others.map { ($0.component, $1) }
    }

    /// The main registry's, then all others.
    package var all: [Part] { [main] + others.map(\.part) }

    /// The part for the registry of this name; the main one's for nil.
    package func part(named name: UpstreamName?) -> Part {
        others.first { $0.component == name?.component }?.part ?? main
    }

    /// The part for a repository's registry.
    package func part(for stored: RepositoryName) -> Part {
        others.first { stored.isBelow($0.component) }?.part ?? main
    }

    /// The part for a repository's registry, and the repository's name there.
    package func route(for stored: RepositoryName) -> (part: Part, name: RepositoryName) {
        for (component, part) in others {
            if let name = stored.removing(component) { return (part, name) }
        }
        return (main, stored)
    }
}

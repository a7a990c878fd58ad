import MirrorCore

extension Configuration.Upstream {
    /// Whether it is Docker Hub, whatever it is called here.
    private var isDockerHub: Bool {
        ["registry-1.docker.io", "index.docker.io"].contains(remoteURL?.host)
    }

    /// The name of its host, where that can be one.
    private var nameOfHost: UpstreamName? { remoteURL.flatMap { UpstreamName($0.authority) } }

    /// What it is called among others: its name, else that of its host.
    var nameAmongOthers: UpstreamName? { nameAlone ?? nameOfHost }

    /// What it is known to be called where it is the only one. Its host says little then: it may
    /// be another mirror of whatever clients mean.
    var nameAlone: UpstreamName? { name ?? (isDockerHub ? .dockerHub : nil) }

    /// Which registry it is, for the log.
    var summary: String { remoteURL?.description ?? "nothing" }

    /// What it is called among the numbers.
    var label: String { nameAmongOthers?.text ?? remoteURL?.authority ?? "none" }

    fileprivate func entry(called name: UpstreamName?) -> UpstreamDirectory.Entry? {
        name.map {
            UpstreamDirectory.Entry(
                $0, hosts: hosts, impliesLibrary: isDockerHub || $0 == .dockerHub)
        }
    }
}

extension Configuration {
    /// What clients call the registries.
    var directory: UpstreamDirectory {
        let others = upstreams.compactMap { $0.entry(called: $0.nameAmongOthers) }
        let name = others.isEmpty ? proxy.nameAlone : proxy.nameAmongOthers
        return UpstreamDirectory(main: proxy.entry(called: name), others: others)
    }

    /// Makes one part for each registry: the main one's, and the others' by name.
    func parts<Part>(
        _ make: (Upstream) async throws -> Part
    ) async rethrows -> (main: Part, others: [UpstreamName: Part]) {
        var others: [UpstreamName: Part] = [:]
        for upstream in upstreams {
            if let name = upstream.nameAmongOthers { others[name] = try await make(upstream) }
        }
        return (try await make(proxy), others)
    }
}

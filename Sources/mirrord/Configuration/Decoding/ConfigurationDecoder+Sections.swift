import MirrorCore

extension ConfigurationDecoder {
    mutating func proxy(_ root: ConfigurationSection) -> Configuration.Upstream? {
        guard let node = root["proxy"] else {
            warn(
                "there is no proxy.remoteurl, so nothing is mirrored: what the storage directory "
                    + "holds is served, and nothing is fetched, pushed or removed",
                at: root.position)
            return Configuration.Upstream(timeToLive: nil)
        }
        let position = root.position(of: "proxy") ?? root.position
        if let section = root.section("proxy") { return upstream(section, at: position) }
        if !hasError(at: node.position) { missing("proxy.remoteurl", at: position) }
        return nil
    }

    /// What one registry's section says; `nil` when it names none.
    ///
    /// - Parameter position: where to complain of what is missing.
    mutating func upstream(
        _ section: ConfigurationSection, at position: YAMLPosition
    ) -> Configuration.Upstream? {
        let name = upstreamName(section)
        let hosts = hosts(section)
        let remoteURL = remoteURL(section, at: position)
        let credentials = credentials(section)
        let clientTokens = clientTokens(section)
        let eviction = eviction(section)
        let timeToLive = duration("ttl", in: section)
        let tags = tags(section)
        let limits = limits(section)
        let timeouts = timeouts(section)
        let tls = tls(section)
        let httpProxy = httpProxy(section)
        let redirectHosts = redirectHosts(section)
        guard let remoteURL else { return nil }
        var upstream = Configuration.Upstream(
            name: name, hosts: hosts, remoteURL: remoteURL, credentials: credentials,
            clientTokens: clientTokens, eviction: eviction, tags: tags,
            limits: limits, timeouts: timeouts, tls: tls, httpProxy: httpProxy,
            redirectHosts: redirectHosts)
        if let timeToLive { upstream.timeToLive = timeToLive > .zero ? timeToLive : nil }
        return upstream
    }

    private mutating func missing(_ path: String, at position: YAMLPosition) {
        error(
            "\(path) is missing: mirrord is a mirror and must know of what, "
                + "for example https://registry-1.docker.io "
                + "(a private registry is not available yet)", at: position)
    }

    private mutating func remoteURL(
        _ section: ConfigurationSection, at position: YAMLPosition
    ) -> BaseURL? {
        let path = section.path(of: "remoteurl")
        guard let node = section["remoteurl"], let text = node.scalar?.text, !text.isEmpty else {
            if section["remoteurl"].map({ hasError(at: $0.position) }) != true {
                missing(path, at: position)
            }
            return nil
        }
        do throws(BaseURL.Fault) {
            return try BaseURL(registry: text)
        } catch {
            self.error("\(path) is not a registry: \(error.advice)", at: node.position)
            return nil
        }
    }
}

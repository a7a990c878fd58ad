import MirrorCore
import MirrorHTTP

/// What concerns the way to each registry.
extension ConfigurationDecoder {
    /// The registries besides the main one; each stands in a section like the main one's.
    mutating func upstreams(
        _ root: ConfigurationSection, beside main: Configuration.Upstream?
    ) -> [Configuration.Upstream] {
        guard let proxy = root.section("proxy"), let node = proxy["upstreams"],
            case .sequence(let items) = node.content
        else { return [] }
        var upstreams: [Configuration.Upstream] = []
        var components = Set([main?.nameAmongOthers?.component].compactMap(\.self))
        for item in items {
            let path = proxy.path(of: "upstreams")
            guard let section = ConfigurationSection(item, path: path),
                let upstream = upstream(section, at: item.position)
            else { continue }
            let place = section["name"]?.position ?? item.position
            if let name = upstream.nameAmongOthers {
                if !components.insert(name.component).inserted {
                    error("two registries are called \(name): name them apart", at: place)
                }
            } else if section["name"] == nil {
                error("\(section.path(of: "name")) is missing", at: place)
            }
            upstreams.append(upstream)
        }
        return upstreams
    }

    mutating func upstreamName(_ section: ConfigurationSection) -> UpstreamName? {
        guard let node = section["name"], let text = node.scalar?.text else { return nil }
        if let name = UpstreamName(text) { return name }
        error(
            "\(section.path(of: "name")) must be a registry's name such as ghcr.io "
                + "or registry.example:5000", at: node.position)
        return nil
    }

    mutating func hosts(_ section: ConfigurationSection) -> [String] {
        texts("hosts", in: section) { text in
            let url = try? BaseURL("http://\(text)")
            return url?.path.isEmpty == true && !text.hasSuffix("/") ? nil : "host or host:port"
        }
    }

    mutating func tls(_ section: ConfigurationSection) -> Configuration.Upstream.TLS {
        var tls = Configuration.Upstream.TLS()
        guard let section = section.section("tls") else { return tls }
        tls.rootFiles = texts("rootcas", in: section) { $0.isEmpty ? "the path of a file" : nil }
        tls.identity = identity(section)
        tls.skipsVerification = flag("insecureskipverify", in: section) ?? false
        if tls.skipsVerification, let position = section.position(of: "insecureskipverify") {
            warn(
                "\(section.path(of: "insecureskipverify")) is set: any certificate is accepted, so "
                    + "whoever is on the way to this registry can read the credentials for it, and "
                    + "say what its tags name; name the registry's authority under rootcas instead",
                at: position)
        }
        return tls
    }

    /// A certificate and its key, where they are given; both or none.
    mutating func identity(_ tls: ConfigurationSection) -> TLSIdentity? {
        let certificate = text("certificate", in: tls) ?? ""
        let key = text("key", in: tls) ?? ""
        if certificate.isEmpty, key.isEmpty { return nil }
        guard !certificate.isEmpty, !key.isEmpty else {
            let (present, absent) =
                key.isEmpty ? ("certificate", "key") : ("key", "certificate")
            error(
                "\(tls.path(of: present)) stands without \(tls.path(of: absent)): "
                    + "add it, or remove the other",
                at: tls.position(of: present) ?? tls.position)
            return nil
        }
        return TLSIdentity(certificateFile: certificate, keyFile: key)
    }

    mutating func httpProxy(_ section: ConfigurationSection) -> Configuration.Upstream.HTTPProxy {
        guard let node = section["httpproxy"], let text = node.scalar?.text else {
            return .environment
        }
        if text == "none" { return .direct }
        let url = Secret(text)
        if ProxySettings(everywhere: url) == nil {
            error(
                "\(section.path(of: "httpproxy")) must be none, or the URL of a proxy such as "
                    + "http://proxy.example:3128", at: node.position)
        }
        return .everywhere(url)
    }

    /// Hosts that a registry may send the mirror to, as URLs have them: in lower case, addresses
    /// without brackets.
    mutating func redirectHosts(_ section: ConfigurationSection) -> Set<String> {
        let hosts = texts("redirects", in: section) { text in
            Self.host(text) == nil ? "a host such as cdn.internal, without a port" : nil
        }
        return Set(hosts.compactMap(Self.host))
    }

    private static func host(_ text: String) -> String? {
        let isBareIPv6 = text.count(where: { $0 == ":" }) > 1 && !text.hasPrefix("[")
        let authority = isBareIPv6 ? "[\(text)]" : text
        guard let url = try? BaseURL("http://\(authority)"), url.port == 80,
            url.authority == authority.lowercased()
        else { return nil }
        return url.host
    }

    /// A list of texts.
    ///
    /// - Parameter fault: what a text must be that is not right.
    mutating func texts(
        _ name: String, in section: ConfigurationSection, fault: (String) -> String?
    ) -> [String] {
        guard let node = section[name], case .sequence(let items) = node.content else {
            return []
        }
        var texts: [String] = []
        for item in items {
            guard let text = item.scalar?.text else { continue }
            if let what = fault(text) { expected(what, section.path(of: name), item) }
            texts.append(text)
        }
        return texts
    }
}

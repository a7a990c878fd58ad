import MirrorHTTP

/// How clients are spoken to over TLS.
extension ConfigurationDecoder {
    /// `nil` for plain HTTP.
    mutating func serverTLS(_ http: ConfigurationSection) -> TLSServerSettings? {
        guard let section = http.section("tls") else { return nil }
        let identity = identity(section)
        let roots = texts("clientcas", in: section) { $0.isEmpty ? "the path of a file" : nil }
        let policy = clientCertificate(section, hasRoots: !roots.isEmpty)
        let version = minimumVersion(section)
        let suites = cipherSuites(section)
        guard let identity else {
            requireIdentity(section)
            return nil
        }
        var settings = TLSServerSettings(identity: identity)
        settings.clientRootFiles = roots
        settings.clientCertificate = policy
        settings.minimumVersion = version
        settings.cipherSuites = suites
        return settings
    }

    /// Settings without a certificate would be silently plain HTTP.
    private mutating func requireIdentity(_ tls: ConfigurationSection) {
        let names = ["certificate", "key"]
        if names.contains(where: { tls[$0]?.scalar?.text.isEmpty == false }) { return }
        let hasLetsEncrypt = tls.section("letsencrypt") != nil
        let others = ["clientcas", "clientauth", "minimumtls", "ciphersuites"]
        guard hasLetsEncrypt || others.contains(where: { tls[$0] != nil }) else { return }
        let reason = hasLetsEncrypt ? " (letsencrypt is not supported yet)" : ""
        error(
            "\(tls.path(of: "certificate")) is missing: name the files of a certificate and its "
                + "key\(reason)", at: tls.position)
    }

    private mutating func clientCertificate(
        _ tls: ConfigurationSection, hasRoots: Bool
    ) -> TLSServerSettings.ClientCertificate {
        let policies = TLSServerSettings.ClientCertificate.allCases.filter { $0 != .none }
        guard let policy = choice("clientauth", in: tls, policies.map { ($0.rawValue, $0) }) else {
            return hasRoots ? .verified : .none
        }
        if policy.isVerified, !hasRoots {
            error(
                "\(tls.path(of: "clientauth")) \(policy.rawValue) needs clientcas, the files with "
                    + "the authorities whose clients are believed",
                at: tls.position(of: "clientauth") ?? tls.position)
        }
        return policy
    }

    private mutating func minimumVersion(
        _ tls: ConfigurationSection
    ) -> TLSServerSettings.Version {
        if let node = tls["minimumtls"], ["tls1.0", "tls1.1"].contains(node.scalar?.text) {
            warn(
                "\(tls.path(of: "minimumtls")) is raised to tls1.2: what is older is not secure",
                at: node.position)
            return .tls12
        }
        return choice("minimumtls", in: tls, [("tls1.2", .tls12), ("tls1.3", .tls13)]) ?? .tls12
    }

    private mutating func cipherSuites(_ tls: ConfigurationSection) -> [TLSCipherSuite] {
        guard let node = tls["ciphersuites"] else { return [] }
        let items = node.names
        let suites = items.compactMap { cipherSuite($0, path: tls.path(of: "ciphersuites")) }
        if suites.isEmpty, !items.isEmpty, !items.contains(where: { hasError(at: $0.position) }) {
            error("\(tls.path(of: "ciphersuites")) names none that is secure", at: node.position)
        }
        return suites
    }

    private mutating func cipherSuite(_ item: YAMLNode, path: String) -> TLSCipherSuite? {
        guard let name = item.scalar?.text else { return nil }
        if let suite = TLSCipherSuite(name) { return suite }
        if TLSCipherSuite.retiredNames.contains(name) {
            warn("\(path) \(name) is left out: it is not secure", at: item.position)
            return nil
        }
        let nearest = NearestKey.nearest(to: name, among: TLSCipherSuite.all.map(\.name))
        let advice = nearest.map { ": did you mean \($0)?" } ?? ""
        error("\(path): there is no suite \"\(name)\"\(advice)", at: item.position)
        return nil
    }
}

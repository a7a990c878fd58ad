import MirrorHTTP

/// Whom the mirror lets in.
extension ConfigurationDecoder {
    /// Nil where everybody is.
    mutating func auth(_ root: ConfigurationSection) -> Configuration.Auth? {
        guard let node = root["auth"], let place = root.position(of: "auth") else { return nil }
        let names: [String] =
            switch node.content {
            case .scalar(let scalar): [scalar.text]
            case .mapping(let entries): entries.compactMap { $0.key.scalar?.text }
            case .sequence: []
            }
        guard names.count < 2 else {
            error(
                "auth names \(names.joined(separator: " and ")): keep one of them, clients are let "
                    + "in one way only", at: place)
            return nil
        }
        guard let name = names.first, name != "none" else { return nil }
        let section = root.section("auth")?.section(name)
        switch name {
        case "silly": return silly(section, at: place)
        case "htpasswd": return passwords(section, at: place)
        case "token": return tokens(section, at: place)
        default: return nil
        }
    }

    private mutating func silly(
        _ section: ConfigurationSection?, at place: YAMLPosition
    ) -> Configuration.Auth? {
        let realm = required("silly.realm", "a URL", section, place)
        let service = required("silly.service", "a name of this mirror", section, place)
        guard let realm, let service else { return nil }
        warn(
            "auth.silly lets everybody in who sends any Authorization: it protects nothing, so use "
                + "htpasswd or token", at: place)
        return .silly(realm: realm, service: service)
    }

    private mutating func passwords(
        _ section: ConfigurationSection?, at place: YAMLPosition
    ) -> Configuration.Auth? {
        let realm = required("htpasswd.realm", "what to call it to clients", section, place)
        let path = required("htpasswd.path", "a file made by htpasswd -B", section, place)
        guard let realm, let path else { return nil }
        return .passwords(realm: realm, path: path)
    }

    private mutating func tokens(
        _ section: ConfigurationSection?, at place: YAMLPosition
    ) -> Configuration.Auth? {
        let realm = required("token.realm", "the URL of a token service", section, place)
        let service = required("token.service", "a name of this mirror", section, place)
        let issuer = required("token.issuer", "the name of the token service", section, place)
        let certificates = filled("rootcertbundle", in: section)
        let keySet = filled("jwks", in: section)
        if certificates == nil, keySet == nil {
            error(
                "auth.token.rootcertbundle is missing, or auth.token.jwks: a file of what the "
                    + "token service signs with", at: section?.position ?? place)
        }
        let redirectPath = redirectPath(section)
        let algorithms = algorithms(section)
        guard let realm, let service, let issuer else { return nil }
        var settings = TokenSettings(realm: realm, service: service, issuer: issuer)
        settings.certificateFile = certificates
        settings.keySetFile = keySet
        settings.redirectPath = redirectPath
        if let algorithms { settings.algorithms = algorithms }
        return .tokens(settings)
    }

    /// Where clients are sent on the host that they ask; nil where they are not.
    private mutating func redirectPath(_ section: ConfigurationSection?) -> String? {
        let isOn = flag("autoredirect", in: section) ?? false
        let path = filled("autoredirectpath", in: section) ?? "/auth/token"
        if !path.hasPrefix("/") || !path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let node = section?["autoredirectpath"]
        {
            error(
                "auth.token.autoredirectpath must be a path such as /auth/token", at: node.position)
        }
        return isOn ? path : nil
    }

    /// Nil where all will do.
    private mutating func algorithms(_ section: ConfigurationSection?) -> Set<String>? {
        guard let section, let node = section["signingalgorithms"],
            case .sequence(let items) = node.content, !items.isEmpty
        else { return nil }
        let known = TokenSettings.knownAlgorithms
        let names = texts("signingalgorithms", in: section) { name in
            known.contains(name) || Self.shared.contains(name)
                ? nil : "one of \(known.joined(separator: ", "))"
        }
        for (item, name) in zip(items, names) where Self.shared.contains(name) {
            warn(
                "auth.token.signingalgorithms: \(name) is not taken, since whoever checks such a "
                    + "signature could make it", at: item.position)
        }
        let taken = Set(names).intersection(known)
        if taken.isEmpty, !items.contains(where: { hasError(at: $0.position) }) {
            error(
                "auth.token.signingalgorithms names no algorithm that is taken", at: node.position)
        }
        return taken
    }

    /// Signatures by a secret that both sides have.
    private static let shared = ["HS256", "HS384", "HS512"]

    // MARK: Values

    private mutating func required(
        _ path: String, _ what: String, _ section: ConfigurationSection?, _ place: YAMLPosition
    ) -> String? {
        let name = path.split(separator: ".").last.map { String($0) } ?? path
        if let text = filled(name, in: section) { return text }
        error(
            "auth.\(path) is missing: \(what)",
            at: section?.position(of: name) ?? section?.position ?? place)
        return nil
    }

    private func filled(_ name: String, in section: ConfigurationSection?) -> String? {
        text(name, in: section).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Beside clients' own credentials.
extension ConfigurationDecoder {
    /// A request has room for one credential: it is either the mirror's to check, or an upstream's.
    mutating func checkAuth(
        _ auth: Configuration.Auth?, beside upstreams: [Configuration.Upstream],
        _ root: ConfigurationSection
    ) {
        guard auth != nil, upstreams.contains(where: { $0.clientTokens != nil }),
            let place = root.position(of: "auth")
        else { return }
        error(
            "auth stands beside clienttokens: clients send one credential, which is checked either "
                + "here or upstream; keep one of them", at: place)
    }
}

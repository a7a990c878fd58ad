import MirrorHTTP

extension ConfigurationDecoder {
    mutating func health(_ root: ConfigurationSection) -> Configuration.Health {
        var health = Configuration.Health()
        guard let section = root.section("health") else { return health }
        let storage = section.section("storagedriver")
        let pace = pace(storage)
        if flag("enabled", in: storage) == true { health.storage = pace }
        for check in checks("file", in: section) {
            guard let path = required("file", in: check) else { continue }
            let pace = self.pace(check)
            health.files.append(Configuration.Health.File(path: path, pace: pace))
        }
        health.servers = checks("http", in: section).compactMap { server($0) }
        health.ports = checks("tcp", in: section).compactMap { port($0) }
        return health
    }

    private mutating func server(
        _ section: ConfigurationSection
    ) -> Configuration.Health.Server? {
        let headers = headers(section)
        let status = number("statuscode", in: section, 0...599)
        let timeout = timeout(section)
        let pace = pace(section)
        guard let text = required("uri", in: section) else { return nil }
        guard let url = HTTPURL(text) else {
            error(
                "\(section.path(of: "uri")) must be a URL such as http://app.example/health",
                at: section["uri"]?.position ?? section.position)
            return nil
        }
        var server = Configuration.Health.Server(
            url: url, headers: headers, timeout: timeout, pace: pace)
        if let status, status > 0 { server.status = status }
        return server
    }

    private mutating func port(_ section: ConfigurationSection) -> Configuration.Health.Port? {
        let timeout = timeout(section)
        let pace = pace(section)
        guard let text = required("addr", in: section) else { return nil }
        guard text.utf8.contains(UInt8(ascii: ":")), !text.hasSuffix("]"), !text.contains("/"),
            let origin = HTTPURL("http://\(text.hasPrefix(":") ? "localhost" : "")\(text)")?.origin
        else {
            error(
                "\(section.path(of: "addr")) must be a host and a port such as db.example:5432",
                at: section["addr"]?.position ?? section.position)
            return nil
        }
        return Configuration.Health.Port(
            host: origin.host, number: origin.port, timeout: timeout, pace: pace)
    }

    // MARK: What several have

    private func checks(_ name: String, in health: ConfigurationSection) -> [ConfigurationSection] {
        guard let node = health[name], case .sequence(let items) = node.content else { return [] }
        return items.compactMap { ConfigurationSection($0, path: health.path(of: name)) }
    }

    private mutating func required(_ name: String, in section: ConfigurationSection) -> String? {
        if let text = text(name, in: section), !text.isEmpty { return text }
        error("\(section.path(of: name)) is missing", at: section.position)
        return nil
    }

    private mutating func timeout(_ section: ConfigurationSection) -> Duration? {
        guard let timeout = age("timeout", in: section), timeout > .zero else { return nil }
        return timeout
    }

    private mutating func pace(_ section: ConfigurationSection?) -> Configuration.Health.Pace {
        var pace = Configuration.Health.Pace()
        // As in the reference, no time at all is the default.
        if let interval = age("interval", in: section), interval > .zero {
            pace.interval = interval
        }
        let threshold = number("threshold", in: section, 0...1_000_000)
        if let threshold, threshold > 0 { pace.threshold = threshold }
        return pace
    }
}

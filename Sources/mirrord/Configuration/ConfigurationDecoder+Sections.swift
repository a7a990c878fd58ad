import MirrorCore

extension ConfigurationDecoder {
    mutating func log(_ root: ConfigurationSection) -> Configuration.Log {
        var log = Configuration.Log()
        let section = root.section("log")
        let levels = [
            ("error", LogLevel.error), ("warn", .warning), ("warning", .warning),
            ("info", .info), ("debug", .debug),
        ]
        let oldLevel = choice("loglevel", in: root, levels)
        if let position = root.position(of: "loglevel") {
            warn("loglevel is an old name: write level under log", at: position)
        }
        log.level = choice("level", in: section, levels) ?? oldLevel ?? log.level
        log.formatter = formatter(section) ?? log.formatter
        log.fields = fields(section)
        log.isAccessLogEnabled = flag("disabled", in: section?.section("accesslog")) != true
        return log
    }

    private mutating func formatter(
        _ log: ConfigurationSection?
    ) -> Configuration.Log.Formatter? {
        if let node = log?["formatter"], node.scalar?.text == "logstash" {
            warn(
                "log.formatter logstash is not supported yet: records are written as json",
                at: node.position)
            return .json
        }
        return choice(
            "formatter", in: log, Configuration.Log.Formatter.allCases.map { ($0.rawValue, $0) })
    }

    private func fields(_ log: ConfigurationSection?) -> [LogField] {
        guard let node = log?["fields"], case .mapping(let entries) = node.content else {
            return []
        }
        return entries.compactMap { entry in
            guard let name = entry.key.scalar?.text, let scalar = entry.value.scalar else {
                return nil
            }
            let value: LogValue =
                switch scalar.value {
                case .int(let number): .int(number)
                case .bool(let flag): .bool(flag)
                case .null, .float, .string: .string(scalar.text)
                }
            return LogField(name, value)
        }
    }

    mutating func storage(_ root: ConfigurationSection) -> Configuration.Storage? {
        guard let node = root["storage"] else {
            error(
                "storage is missing: name filesystem or inmemory under it",
                at: root.position(of: "storage") ?? root.position)
            return nil
        }
        let section = root.section("storage")
        let isDeletionEnabled = flag("enabled", in: section?.section("delete")) ?? false
        guard let name = driverName(node, section) else { return nil }
        let driver: Configuration.Storage.Driver =
            name == "filesystem"
            ? .fileSystem(fileSystem(section?.section("filesystem"))) : .inMemory
        return Configuration.Storage(driver: driver, isDeletionEnabled: isDeletionEnabled)
    }

    /// The one driver that is named, alone or as a key; `nil` when it is not one.
    private mutating func driverName(
        _ storage: YAMLNode, _ section: ConfigurationSection?
    ) -> String? {
        let available = ConfigurationSchema.storageDrivers
        let known = available + ConfigurationSchema.remoteStorageDrivers
        let named =
            if let name = storage.scalar?.text {
                known.filter { $0 == name }
            } else {
                known.filter { section?.position(of: $0) != nil }
            }
        if named.isEmpty, !hasError(at: storage.position) {
            error("storage names no driver: add filesystem or inmemory", at: storage.position)
        }
        if named.count > 1 {
            error(
                "storage takes one driver, not \(named.joined(separator: " and ")): keep one",
                at: storage.position)
        }
        return named.count == 1 ? named.first(where: available.contains) : nil
    }

    private mutating func fileSystem(
        _ section: ConfigurationSection?
    ) -> Configuration.Storage.FileSystem {
        var fileSystem = Configuration.Storage.FileSystem()
        if let node = section?["rootdirectory"], let path = node.scalar?.text {
            if path.hasPrefix("/") {
                fileSystem.rootDirectory = path
            } else {
                error(
                    "storage.filesystem.rootdirectory must be a path that begins with /",
                    at: node.position)
            }
        }
        if let count = number("maxthreads", in: section, 0...65_535) {
            fileSystem.maxThreads = max(count, 25)
        }
        return fileSystem
    }

    mutating func proxy(_ root: ConfigurationSection) -> Configuration.Upstream? {
        let position = root.position(of: "proxy") ?? root.position
        guard let section = root.section("proxy") else {
            if root["proxy"].map({ hasError(at: $0.position) }) != true {
                missing("proxy.remoteurl", at: position)
            }
            return nil
        }
        return upstream(section, at: position)
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
        let timeToLive = duration("ttl", in: section)
        let tags = tags(section)
        let limits = limits(section)
        let tls = tls(section)
        let httpProxy = httpProxy(section)
        guard let remoteURL else { return nil }
        var upstream = Configuration.Upstream(
            name: name, hosts: hosts, remoteURL: remoteURL, credentials: credentials,
            clientTokens: clientTokens, tags: tags, limits: limits, tls: tls, httpProxy: httpProxy)
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

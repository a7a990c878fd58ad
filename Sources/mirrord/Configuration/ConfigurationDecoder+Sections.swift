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

    mutating func proxy(_ root: ConfigurationSection) -> Configuration.Proxy? {
        let section = root.section("proxy")
        let remoteURL = remoteURL(root, section)
        let credentials = credentials(section)
        let timeToLive = duration("ttl", in: section)
        let tags = tags(section)
        let limits = limits(section)
        guard let remoteURL else { return nil }
        var proxy = Configuration.Proxy(
            remoteURL: remoteURL, credentials: credentials, tags: tags)
        if let timeToLive { proxy.timeToLive = timeToLive > .zero ? timeToLive : nil }
        proxy.limits = limits
        return proxy
    }

    private mutating func remoteURL(
        _ root: ConfigurationSection, _ proxy: ConfigurationSection?
    ) -> BaseURL? {
        guard let node = proxy?["remoteurl"], let text = node.scalar?.text, !text.isEmpty else {
            let place = proxy?["remoteurl"]?.position ?? root["proxy"]?.position
            if place.map(hasError) != true {
                error(
                    "proxy.remoteurl is missing: mirrord is a mirror and must know of what, "
                        + "for example https://registry-1.docker.io "
                        + "(a private registry is not available yet)",
                    at: root.position(of: "proxy") ?? root.position)
            }
            return nil
        }
        do throws(BaseURL.Fault) {
            return try BaseURL(registry: text)
        } catch {
            self.error("proxy.remoteurl is not a registry: \(error.advice)", at: node.position)
            return nil
        }
    }

    private mutating func credentials(
        _ proxy: ConfigurationSection?
    ) -> Configuration.Proxy.Credentials? {
        let given = ["username", "password"].compactMap { proxy?[$0] }
        guard given.allSatisfy({ $0.scalar != nil }) else { return nil }
        let username = text("username", in: proxy) ?? ""
        let password = text("password", in: proxy) ?? ""
        if username.isEmpty, password.isEmpty { return nil }
        if let position = given.first?.position, username.isEmpty || password.isEmpty {
            let (present, absent) =
                username.isEmpty ? ("password", "username") : ("username", "password")
            error(
                "proxy.\(present) stands without proxy.\(absent): add it, or remove the other",
                at: proxy?.position(of: present) ?? position)
            return nil
        }
        return Configuration.Proxy.Credentials(username: username, password: Secret(password))
    }
}

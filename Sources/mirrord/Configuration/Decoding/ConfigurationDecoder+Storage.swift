import MirrorCore

extension ConfigurationDecoder {
    mutating func storage(_ root: ConfigurationSection) -> Configuration.Storage? {
        guard let node = root["storage"] else {
            error(
                "storage is missing: name filesystem or inmemory under it",
                at: root.position(of: "storage") ?? root.position)
            return nil
        }
        let section = root.section("storage")
        let isDeletionEnabled = flag("enabled", in: section?.section("delete")) ?? false
        let scrub = scrub(section?.section("scrub"))
        let leftovers = leftovers(section?.section("maintenance")?.section("uploadpurging"))
        guard let name = driverName(node, section) else { return nil }
        let driver: Configuration.Storage.Driver =
            name == "filesystem"
            ? .fileSystem(fileSystem(section?.section("filesystem"))) : .inMemory
        return Configuration.Storage(
            driver: driver, isDeletionEnabled: isDeletionEnabled, scrub: scrub,
            leftovers: leftovers)
    }

    private mutating func scrub(_ section: ConfigurationSection?) -> ScrubSettings {
        var settings = ScrubSettings()
        settings.rate = byteCount("rate", in: section) ?? settings.rate
        settings.interval = age("interval", in: section) ?? settings.interval
        return settings
    }

    private mutating func leftovers(_ section: ConfigurationSection?) -> LeftoverPolicy {
        var policy = LeftoverPolicy()
        let age = positive("age", in: section)
        _ = positive("interval", in: section)
        policy.isDryRun = flag("dryrun", in: section) ?? policy.isDryRun
        policy.ageLimit = flag("enabled", in: section) ?? true ? age ?? policy.ageLimit : nil
        return policy
    }

    private mutating func positive(
        _ name: String, in section: ConfigurationSection?
    ) -> Duration? {
        let time = duration(name, in: section)
        if let section, let time, time <= .zero, let node = section[name] {
            error("\(section.path(of: name)) must be more than nothing", at: node.position)
        }
        return time
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
            fileSystem.maxThreads = max(count, 4)
        }
        return fileSystem
    }
}

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
        let purging = uploadPurging(section)
        guard let name = driverName(node, section) else { return nil }
        let driver: Configuration.Storage.Driver =
            name == "filesystem"
            ? .fileSystem(fileSystem(section?.section("filesystem"))) : .inMemory
        return Configuration.Storage(
            driver: driver, isDeletionEnabled: isDeletionEnabled, scrub: scrub,
            uploadPurging: purging)
    }

    private mutating func scrub(_ section: ConfigurationSection?) -> ScrubSettings {
        var settings = ScrubSettings()
        settings.rate = byteCount("rate", in: section) ?? settings.rate
        settings.interval = age("interval", in: section) ?? settings.interval
        return settings
    }

    private mutating func uploadPurging(
        _ storage: ConfigurationSection?
    ) -> Configuration.Storage.UploadPurging {
        var purging = Configuration.Storage.UploadPurging()
        let section = storage?.section("maintenance")?.section("uploadpurging")
        purging.isEnabled = flag("enabled", in: section) ?? purging.isEnabled
        purging.age = duration("age", in: section) ?? purging.age
        purging.interval = duration("interval", in: section) ?? purging.interval
        purging.isDryRun = flag("dryrun", in: section) ?? purging.isDryRun
        for (name, time) in [("age", purging.age), ("interval", purging.interval)] {
            guard time <= .zero, let section, let node = section[name] else { continue }
            error("\(section.path(of: name)) must be more than nothing", at: node.position)
        }
        return purging
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

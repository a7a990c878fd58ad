import MirrorHTTP
import MirrorSystem

extension Configuration {
    /// What mirrord does where there is no configuration file: it mirrors Docker Hub for this
    /// machine alone.
    static var embeddedDefault: Configuration {
        embeddedDefault(
            variable: ProcessEnvironment.value(of:),
            isWritableDirectory: ProcessEnvironment.isWritableDirectory)
    }

    /// The same, from what the surroundings say.
    static func embeddedDefault(
        variable: (String) -> String?, isWritableDirectory: (String) -> Bool
    ) -> Configuration {
        let directory = defaultDirectory(variable, isWritableDirectory)
        return Configuration(
            storage: Storage(
                driver: .fileSystem(Storage.FileSystem(rootDirectory: directory)),
                isDeletionEnabled: true),
            http: HTTP(address: .tcp(host: "127.0.0.1", port: 5000)),
            proxy: Upstream(
                remoteURL: BaseURL(scheme: .https, host: "registry-1.docker.io", port: 443)))
    }

    /// The reference registry's directory if it can be used, else one in the user's cache.
    private static func defaultDirectory(
        _ variable: (String) -> String?, _ isWritableDirectory: (String) -> Bool
    ) -> String {
        let systemDirectory = Storage.FileSystem().rootDirectory
        if isWritableDirectory(systemDirectory) { return systemDirectory }
        // The XDG specification says to ignore a path that is not absolute.
        if let cache = variable("XDG_CACHE_HOME"), cache.hasPrefix("/") {
            return cache + "/mirrord"
        }
        if let home = variable("HOME"), home.hasPrefix("/") { return home + "/.cache/mirrord" }
        return systemDirectory
    }
}

/// What mirrord does where there is no configuration file: it mirrors Docker Hub for this machine
/// alone. It is a file that stands in the program, so that variables can change it.
enum EmbeddedDefault {
    /// What stands for the file's name.
    static let name = "built-in default"

    /// The text of the file, from what the surroundings say.
    static func text(
        environment: [String: String], isWritableDirectory: (String) -> Bool
    ) -> String {
        let directory = directory(environment, isWritableDirectory)
        return """
            version: 0.1
            storage:
              filesystem: {rootdirectory: \(YAMLText.text(directory))}
              delete: {enabled: true}
            http: {addr: "127.0.0.1:5000"}
            proxy: {remoteurl: https://registry-1.docker.io}
            """
    }

    /// The reference registry's directory if it can be used, else one in the user's cache.
    private static func directory(
        _ environment: [String: String], _ isWritableDirectory: (String) -> Bool
    ) -> String {
        let systemDirectory = Configuration.Storage.FileSystem().rootDirectory
        if isWritableDirectory(systemDirectory) { return systemDirectory }
        // The XDG specification says to ignore a path that is not absolute.
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return cache + "/mirrord"
        }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.cache/mirrord" }
        return systemDirectory
    }
}

import MirrorSystem

/// Where to look for a configuration.
enum ConfigurationPlace: Hashable, Sendable {
    case file(String)
    /// Nowhere: there is one in the program.
    case embedded

    /// Where the images of the reference registry have it, of line 2.8 and of line 3.
    static let usualFiles = [
        "/etc/docker/registry/config.yml", "/etc/distribution/config.yml",
    ]

    /// The file that the command line names, else the one that the environment names, else a
    /// usual one, if it is there.
    init(
        named file: String?, environment: [String: String],
        exists: (String) -> Bool = ProcessEnvironment.exists
    ) {
        let variable = environment[ConfigurationVariable.file] ?? ""
        let named = file ?? (variable.isEmpty ? nil : variable)
        let found = named ?? Self.usualFiles.first(where: exists)
        self = found.map { .file($0) } ?? .embedded
    }

    /// What stands there. It blocks.
    func read(environment: [String: String]) throws(ConfigurationErrors) -> ConfigurationDocument {
        switch self {
        case .file(let file):
            return try ConfigurationDocument(file: file, environment: environment)
        case .embedded:
            let text = EmbeddedDefault.text(
                environment: environment,
                isWritableDirectory: ProcessEnvironment.isWritableDirectory)
            return try ConfigurationDocument(
                Array(text.utf8), file: EmbeddedDefault.name, environment: environment)
        }
    }
}

/// A configuration, and what there is to say about the file that it came from.
struct LoadedConfiguration: Hashable, Sendable {
    let configuration: Configuration
    let warnings: [ConfigurationWarning]

    /// Reads and checks a file, and the variables that go before it. It blocks.
    ///
    /// - Throws: ``ConfigurationErrors`` with all faults, not only the first.
    static func load(
        _ file: String, environment: [String: String] = [:]
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        try ConfigurationDocument(file: file, environment: environment).load()
    }

    /// Checks the text of a file.
    static func parse(
        _ text: [UInt8], file: String, environment: [String: String] = [:]
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        try ConfigurationDocument(text, file: file, environment: environment).load()
    }
}

import MirrorSystem

/// A configuration, and what there is to say about the file that it came from.
struct LoadedConfiguration: Hashable, Sendable {
    let configuration: Configuration
    let warnings: [ConfigurationWarning]

    /// Reads and checks a file. It blocks.
    ///
    /// - Throws: ``ConfigurationErrors`` with all faults of the file, not only the first.
    static func load(_ file: String) throws(ConfigurationErrors) -> LoadedConfiguration {
        let bytes: [UInt8]
        do throws(WholeFile.Failure) {
            bytes = try WholeFile.read(file, limit: YAMLLimits().byteCountLimit)
        } catch {
            throw ConfigurationErrors(file: file, unreadable: error.reason)
        }
        return try parse(bytes, file: file)
    }

    /// Checks the text of a file.
    static func parse(
        _ text: [UInt8], file: String
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        let documents: [YAMLNode]
        do throws(YAMLError) {
            documents = try YAMLReader.documents(in: text)
        } catch {
            let problem = ConfigurationProblem(position: error.position, message: error.message)
            throw ConfigurationErrors(file: file, problems: [problem])
        }
        var decoder = ConfigurationDecoder()
        let configuration = decoder.decode(documents)
        let warnings = decoder.warnings.map {
            ConfigurationWarning(file: file, position: $0.position, message: $0.message)
        }
        guard let configuration, decoder.errors.isEmpty else {
            throw ConfigurationErrors(file: file, problems: decoder.errors)
        }
        return LoadedConfiguration(configuration: configuration, warnings: warnings)
    }
}

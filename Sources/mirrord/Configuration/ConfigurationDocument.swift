import MirrorSystem

/// A configuration as it was written: the nodes of a file, and what environment variables put
/// over them.
struct ConfigurationDocument {
    /// The file, for positions.
    let file: String
    /// What stands first counts; anything behind it is warned of.
    let documents: [YAMLNode]
    private let overlay: ConfigurationOverlay?

    /// Reads a file. It blocks.
    ///
    /// - Throws: ``ConfigurationErrors`` when it cannot be read, or is no YAML.
    init(file: String, environment: [String: String]) throws(ConfigurationErrors) {
        let bytes: [UInt8]
        do throws(WholeFile.Failure) {
            bytes = try WholeFile.read(file, limit: YAMLLimits().byteCountLimit)
        } catch {
            throw ConfigurationErrors(file: file, unreadable: error.reason)
        }
        try self.init(bytes, file: file, environment: environment)
    }

    /// The same of a text.
    init(
        _ text: [UInt8], file: String, environment: [String: String] = [:]
    ) throws(ConfigurationErrors) {
        self.file = file
        var documents: [YAMLNode]
        do throws(YAMLError) {
            documents = try YAMLReader.documents(in: text)
        } catch {
            let problem = ConfigurationProblem(position: error.position, message: error.message)
            throw ConfigurationErrors(file: file, problems: [problem])
        }
        // Variables change a configuration; they make none.
        overlay = documents.first.flatMap { root in
            root.isNull ? nil : ConfigurationOverlay(over: root, environment: environment)
        }
        if let overlay { documents[0] = overlay.root }
        self.documents = documents
    }

    /// What is in effect, if it has no faults.
    var effective: EffectiveConfiguration {
        EffectiveConfiguration(
            documents.first ?? .empty(at: YAMLPosition(line: 1, column: 1)))
    }

    /// The configuration that it makes.
    ///
    /// - Throws: ``ConfigurationErrors`` with all faults, not only the first.
    func load() throws(ConfigurationErrors) -> LoadedConfiguration {
        var decoder = ConfigurationDecoder()
        let configuration = decoder.decode(documents)
        let errors = decoder.errors + (overlay?.errors ?? [])
        let warnings = decoder.warnings + (overlay?.warnings ?? [])
        guard let configuration, errors.isEmpty else {
            throw ConfigurationErrors(file: file, problems: errors.inOrder)
        }
        return LoadedConfiguration(
            configuration: configuration,
            warnings: warnings.inOrder.map {
                ConfigurationWarning(file: file, position: $0.position, message: $0.message)
            })
    }
}

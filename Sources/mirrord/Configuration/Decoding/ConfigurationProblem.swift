/// What is wrong at one place of a configuration file, and what to do about it.
struct ConfigurationProblem: Hashable, Sendable {
    let position: YAMLPosition
    let message: String
}

/// Everything that keeps a configuration file from being used.
///
/// It prints as one line for each fault, in the form that editors can follow:
/// `/etc/docker/registry/config.yml:12:3: message`.
struct ConfigurationErrors: Error, CustomStringConvertible, Hashable, Sendable {
    let file: String
    /// In the order of the file; empty when the file could not be read at all.
    let problems: [ConfigurationProblem]
    /// Why the file could not be read.
    let unreadable: String?

    init(file: String, problems: [ConfigurationProblem]) {
        self.file = file
        self.problems = problems
        unreadable = nil
    }

    init(file: String, unreadable reason: String) {
        self.file = file
        problems = []
        unreadable = reason
    }

    var description: String {
        if let unreadable { return "\(file): the configuration cannot be read: \(unreadable)" }
        return problems.map {
            "\(file):\($0.position.line):\($0.position.column): \($0.message)"
        }.joined(separator: "\n")
    }
}

/// What an operator should know about a configuration that can be used all the same.
struct ConfigurationWarning: CustomStringConvertible, Hashable, Sendable {
    let file: String
    let position: YAMLPosition
    let message: String

    var description: String { "\(file):\(position.line):\(position.column): \(message)" }
}

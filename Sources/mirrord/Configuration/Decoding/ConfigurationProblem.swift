/// What is wrong at one place of a configuration file, and what to do about it.
struct ConfigurationProblem: Hashable, Sendable {
    let position: YAMLPosition
    let message: String
}

extension [ConfigurationProblem] {
    /// By place.
    var inOrder: Self { sorted { $0.position < $1.position } }
}

/// Everything that keeps a configuration file from being used.
///
/// It prints as one line for each fault, in the form that editors can follow,
/// `/etc/docker/registry/config.yml:12:3: message`, or with the name of a variable:
/// `REGISTRY_HTTP_ADDR: message`.
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
        return problems.map { "\($0.position.text(in: file)): \($0.message)".onOneLine }
            .joined(separator: "\n")
    }
}

/// What an operator should know about a configuration that can be used all the same.
struct ConfigurationWarning: CustomStringConvertible, Hashable, Sendable {
    let file: String
    let position: YAMLPosition
    let message: String

    var description: String { "\(position.text(in: file)): \(message)".onOneLine }
}

extension String {
    /// The text with all escaped that would end the line or change how it looks: what a file calls
    /// its keys stands in messages.
    fileprivate var onOneLine: String {
        unicodeScalars.reduce(into: "") { line, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                line += scalar.escaped(asASCII: true)
            default: line.unicodeScalars.append(scalar)
            }
        }
    }
}

extension YAMLPosition: Comparable {
    /// First the file from top to bottom, then the variables by name.
    static func < (left: YAMLPosition, right: YAMLPosition) -> Bool {
        (left.origin ?? "", left.line, left.column) < (right.origin ?? "", right.line, right.column)
    }

    /// The place as editors can follow it, or the name of a variable, which has just one line.
    func text(in file: String) -> String { origin ?? "\(file):\(line):\(column)" }
}

/// What the program is asked to do.
enum Command: Hashable {
    /// Run the mirror.
    case serve(file: String?)
    /// Print the configuration that would be in effect.
    case check(file: String?)
    /// Print what would be removed.
    case plan(file: String?)
    /// Print what makes a shell complete the arguments.
    case completion(Shell)
    case version
    /// Print a page of the manual.
    case help(Manual.Page)

    /// The arguments make no command.
    struct UsageError: Error, CustomStringConvertible {
        let description: String
    }

    init(arguments: [String]) throws(UsageError) {
        guard let first = arguments.first else {
            self = .help(.overview)
            return
        }
        let rest = Array(arguments.dropFirst())
        switch first {
        case "-v", "--version", "version": self = .version
        case "-h", "--help": self = .help(.overview)
        case "help": self = .help(try Self.page(rest))
        case "garbage-collect":
            throw UsageError(
                description: "there is no garbage to collect: what has expired is removed while "
                    + "mirrord runs, if storage.delete.enabled is true")
        // The entry point of the reference's image takes the name of a file so.
        case _ where first.contains("/") || first.hasSuffix(".yml") || first.hasSuffix(".yaml"):
            self = try Self.command(.serve, arguments)
        default: self = try Self.command(try Self.page([first]), rest)
        }
    }

    private static func command(
        _ page: Manual.Page, _ arguments: [String]
    ) throws(UsageError) -> Command {
        if arguments.contains("-h") || arguments.contains("--help") { return .help(page) }
        if let option = arguments.first(where: { $0.hasPrefix("-") }) {
            throw UsageError(description: "\(page.rawValue) has no option \(option)")
        }
        guard arguments.count <= 1 else {
            throw UsageError(description: "\(page.rawValue) takes one argument at most")
        }
        switch page {
        case .serve: return .serve(file: arguments.first)
        case .check: return .check(file: arguments.first)
        case .plan: return .plan(file: arguments.first)
        case .completion: return .completion(try shell(arguments.first))
        case .overview: return .help(.overview)
        }
    }

    private static func shell(_ name: String?) throws(UsageError) -> Shell {
        guard let shell = name.flatMap({ Shell(rawValue: $0) }) else {
            let names = Shell.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError(description: "completion takes the name of a shell: \(names)")
        }
        return shell
    }

    /// The page of the command that is named, or the overview.
    private static func page(_ names: [String]) throws(UsageError) -> Manual.Page {
        guard let name = names.first else { return .overview }
        if let page = Manual.Page(rawValue: name) { return page }
        let commands = Manual.Page.allCases.map(\.rawValue)
        let nearest = NearestKey.nearest(to: name, among: commands)
        let advice = nearest.map { "did you mean \($0)?" } ?? "mirrord --help lists them"
        throw UsageError(description: "there is no command \(name): \(advice)")
    }
}

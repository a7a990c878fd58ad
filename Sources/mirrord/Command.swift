/// What the program is asked to do.
enum Command: Hashable {
    case serve(file: String?)
    case version
    case help

    /// Where the reference registry has its configuration, and so mirrord.
    static let usualFile = "/etc/docker/registry/config.yml"

    /// The arguments make no command.
    struct UsageError: Error, CustomStringConvertible {
        let description: String
    }

    init(arguments: [String]) throws {
        guard let first = arguments.first else {
            self = .help
            return
        }
        switch first {
        case "serve":
            let rest = arguments.dropFirst()
            guard rest.count <= 1 else {
                throw UsageError(description: "serve takes one configuration file")
            }
            if let option = rest.first, option.hasPrefix("-") {
                guard ["-h", "--help"].contains(option) else {
                    throw UsageError(description: "serve has no option \(option)")
                }
                self = .help
                return
            }
            self = .serve(file: rest.first)
        case "-v", "--version", "version": self = .version
        case "-h", "--help", "help": self = .help
        default: throw UsageError(description: "there is no command \(first)")
        }
    }

    static let manual = """
        mirrord is a pull-through cache for container images.

        Usage:
          mirrord serve [FILE]   Run the mirror. Without FILE, \(usualFile) is used
                                 if it is there, else a built-in default: Docker Hub, on
                                 127.0.0.1:5000, kept in /var/lib/registry or the user's cache.
          mirrord --version      Print the version.
          mirrord --help         Print this text.

        The configuration is that of the reference registry with proxy.remoteurl set.
        """
}

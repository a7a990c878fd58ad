/// What the program says of itself.
enum Manual {
    /// The commands that have a page of their own, called as they are.
    enum Page: String, CaseIterable, Sendable {
        case serve, check, plan, completion
        case overview = "help"

        /// What the command does, in a line.
        var summary: String {
            switch self {
            case .serve: "Run the mirror"
            case .check: "Print the configuration that would be in effect"
            case .plan: "Print what would be removed from the storage now, and why"
            case .completion: "Print what makes a shell complete the arguments"
            case .overview: "Print this text, or that of a command"
            }
        }
    }

    static func text(_ page: Page) -> String {
        switch page {
        case .serve: serve
        case .check: check
        case .plan: plan
        case .completion: completion
        case .overview: overview
        }
    }

    private static let overview = """
        mirrord is a pull-through cache for container images.

        Usage:
          mirrord serve [FILE]        \(Page.serve.summary).
          mirrord check [FILE]        \(Page.check.summary).
          mirrord plan [FILE]         \(Page.plan.summary).
          mirrord completion SHELL    \(Page.completion.summary).
          mirrord --version           Print the version.
          mirrord help [COMMAND]      \(Page.overview.summary).

        FILE is a configuration file of the reference registry with proxy.remoteurl set. REGISTRY_…
        environment variables go before it.
        """

    private static let serve = """
        Usage: mirrord serve [FILE]

        Runs the mirror until SIGTERM or SIGINT. A second signal ends it at once.

        \(files)
        """

    private static let check = """
        Usage: mirrord check [FILE]

        Prints the configuration that would be in effect: the file, the variables and the defaults,
        with secrets masked. Warnings go to standard error. If there are faults, all of them are
        printed there, with file, line and column, and the exit code is 1.

        \(files)
        """

    private static let plan = """
        Usage: mirrord plan [FILE]

        Prints the images that a mirror with this configuration would remove now, the first first:
        why, how many bytes that frees, when the image was last used, its repository, and the tags
        or the digest that name it. Nothing is removed, and nothing is written. A mirror may run
        on the same storage meanwhile; what it has not written down yet is not known here.

        \(files)
        """

    private static let files = """
        Without FILE, it is the file that REGISTRY_CONFIGURATION_PATH names, else
        \(ConfigurationPlace.usualFiles.joined(separator: " or "))
        if there is one, else a built-in default: Docker Hub, on 127.0.0.1:5000, kept in
        /var/lib/registry or the user's cache.

        REGISTRY_HTTP_ADDR and its like set keys of the file, here http.addr.
        """

    private static let completion = """
        Usage: mirrord completion bash|zsh|fish

          bash: source <(mirrord completion bash)
          zsh:  source <(mirrord completion zsh)
          fish: mirrord completion fish | source
        """
}

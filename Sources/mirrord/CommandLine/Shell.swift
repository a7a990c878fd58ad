/// A shell that completes arguments, and what tells it how.
enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// What the shell is to read when it starts.
    var completion: String {
        switch self {
        case .bash: Self.bashScript
        case .zsh: Self.zshScript
        case .fish: Self.fishScript
        }
    }

    private static let commands = Manual.Page.allCases
    private static let names = commands.map(\.rawValue).joined(separator: " ")
    private static let shells = allCases.map(\.rawValue).joined(separator: " ")

    private static let bashScript = """
        _mirrord() {
            local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
            COMPREPLY=()
            if ((COMP_CWORD == 1)); then
                mapfile -t COMPREPLY < <(compgen -W '\(names) --version --help' -- "$word")
            elif ((COMP_CWORD == 2)); then
                case $command in
                    serve | check | plan) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
                    completion) mapfile -t COMPREPLY < <(compgen -W '\(shells)' -- "$word") ;;
                    help) mapfile -t COMPREPLY < <(compgen -W '\(names)' -- "$word") ;;
                esac
            fi
        }
        complete -o filenames -F _mirrord mirrord
        """

    private static let zshScript = """
        #compdef mirrord
        _mirrord() {
            local -a commands=(\(commands.map { "'\($0.rawValue):\($0.summary)'" }
                .joined(separator: " ")))
            if ((CURRENT == 2)); then
                _describe command commands
            elif ((CURRENT == 3)); then
                case $words[2] in
                    serve | check | plan) _files ;;
                    completion) compadd \(shells) ;;
                    help) _describe command commands ;;
                esac
            fi
        }
        if [[ ${funcstack[1]} == _mirrord ]]; then
            _mirrord "$@"
        else
            compdef _mirrord mirrord
        fi
        """

    private static let fishScript = """
        complete --command mirrord --no-files
        \(commands.map {
            "complete --command mirrord --condition __fish_use_subcommand "
                + "--arguments \($0.rawValue) --description '\($0.summary)'"
        }.joined(separator: "\n"))
        complete --command mirrord --condition '__fish_seen_subcommand_from serve check plan' \
        --force-files
        complete --command mirrord --condition '__fish_seen_subcommand_from completion' \
        --arguments '\(shells)'
        complete --command mirrord --condition '__fish_seen_subcommand_from help' \
        --arguments '\(names)'
        """
}

import Testing

@testable import mirrord

@Suite struct CommandTests {
    @Test(arguments: [
        ([], Command.help(.overview)), (["--help"], .help(.overview)), (["-h"], .help(.overview)),
        (["help"], .help(.overview)), (["help", "check"], .help(.check)),
        (["--version"], .version), (["-v"], .version), (["version"], .version),
        (["serve"], .serve(file: nil)), (["serve", "a.yml"], .serve(file: "a.yml")),
        (["serve", "--help"], .help(.serve)), (["serve", "a.yml", "-h"], .help(.serve)),
        (["plan"], .plan(file: nil)), (["plan", "a.yml"], .plan(file: "a.yml")),
        (["check"], .check(file: nil)), (["check", "a.yml"], .check(file: "a.yml")),
        (["check", "--help"], .help(.check)),
        (["completion", "bash"], .completion(.bash)), (["completion", "-h"], .help(.completion)),
    ])
    func argumentsMakeACommand(_ arguments: [String], _ command: Command) throws {
        #expect(try Command(arguments: arguments) == command)
    }

    @Test(arguments: ["/etc/docker/registry/config.yml", "config.yml", "c.yaml", "./registry"])
    func aFileAloneIsServedAsTheImageOfTheReferenceDoes(_ file: String) throws {
        #expect(try Command(arguments: [file]) == .serve(file: file))
    }

    @Test(arguments: [
        (["pull"], "there is no command pull: mirrord --help lists them"),
        (["chekc"], "there is no command chekc: did you mean check?"),
        (["help", "srve"], "there is no command srve: did you mean serve?"),
        (["serve", "--port"], "serve has no option --port"),
        (["serve", "a.yml", "b.yml"], "serve takes one argument at most"),
        (["a.yml", "b.yml"], "serve takes one argument at most"),
        (["completion"], "completion takes the name of a shell: bash, zsh, fish"),
        (["completion", "tcsh"], "completion takes the name of a shell: bash, zsh, fish"),
        (
            ["garbage-collect", "config.yml", "--dry-run"],
            "there is no garbage to collect: what has expired is removed while mirrord runs, "
                + "if storage.delete.enabled is true"
        ),
    ])
    func argumentsThatMakeNoCommandAreNamed(_ arguments: [String], _ fault: String) {
        let error = #expect(throws: Command.UsageError.self) {
            try Command(arguments: arguments)
        }
        #expect(error?.description == fault)
    }

    @Test(arguments: Manual.Page.allCases)
    func theManualNamesEachCommandAndHasAPageForIt(_ page: Manual.Page) throws {
        #expect(Manual.text(.overview).contains("mirrord \(page.rawValue)"))
        #expect(Manual.text(page).contains("mirrord \(page.rawValue)"))
        #expect(!Manual.text(page).split(separator: "\n").contains { $0.count > 100 })
    }

    @Test(arguments: Shell.allCases)
    func everyShellIsToldOfEachCommand(_ shell: Shell) {
        for page in Manual.Page.allCases { #expect(shell.completion.contains(page.rawValue)) }
        for other in Shell.allCases { #expect(shell.completion.contains(other.rawValue)) }
    }
}

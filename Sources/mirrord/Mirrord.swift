import MirrorHTTP
import MirrorSystem

/// The program: reads its arguments, runs, and says in one line why it cannot.
@main
enum Mirrord {
    static func main() {
        // Before anything else starts a thread: they all inherit which signals are held back.
        let signals = SignalWaiter()
        let stop = StopSignal()
        // Not on the main actor, whose thread waits for signals and runs no tasks.
        Task { @concurrent in
            do {
                try await run(Array(CommandLine.arguments.dropFirst()), until: stop)
                ProcessEnvironment.exit(status: 0)
            } catch let error as Command.UsageError {
                fail("\(error); mirrord --help tells what there is", status: 2)
            } catch {
                fail("\(error)", status: 1)
            }
        }
        signals.run { number in stop.received(number) }
    }

    private static func run(_ arguments: [String], until stop: StopSignal) async throws {
        switch try Command(arguments: arguments) {
        case .version: print("mirrord \(ProductVersion.text)")
        case .help: print(Command.manual)
        case .serve(let file):
            let assembly = try await Assembly(try load(file))
            await stop.wait()
            await assembly.stop()
        }
    }

    /// The named file; else the usual one, if it is there; else the embedded default.
    private static func load(_ file: String?) throws -> LoadedConfiguration {
        if let file { return try LoadedConfiguration.load(file) }
        if ProcessEnvironment.exists(Command.usualFile) {
            return try LoadedConfiguration.load(Command.usualFile)
        }
        return LoadedConfiguration(configuration: .embeddedDefault, warnings: [])
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        ProcessEnvironment.exit(saying: "mirrord: \(message)\n", status: status)
    }
}

import MirrorHTTP
import MirrorSystem

/// The program: reads its arguments, runs, and says in one line why it cannot.
@main
enum Mirrord {
    static func main() {
        // Before anything else starts a thread: they all inherit which signals are held back, and
        // read the environment.
        let waiter = SignalWaiter()
        Allocator.mapLargeBlocks()
        let environment = ServiceEnvironment.take()
        let signals = Service.Signals()
        Task(executorPreference: BlockingPool.shared) {
            do {
                try await run(Array(CommandLine.arguments.dropFirst()), environment, signals)
                ProcessEnvironment.exit(status: 0)
            } catch let error as Command.UsageError {
                fail("mirrord: \(error)", status: 2)
            } catch let errors as ConfigurationErrors {
                // One line each, in the form that editors follow.
                fail("\(errors)", status: 1)
            } catch {
                fail("mirrord: \(error)", status: 1)
            }
        }
        waiter.run { signals.received($0) }
    }

    private static func run(
        _ arguments: [String], _ environment: ServiceEnvironment, _ signals: Service.Signals
    ) async throws {
        switch try Command(arguments: arguments) {
        case .version: print("mirrord \(ProductVersion.text)")
        case .help(let page): print(Manual.text(page))
        case .completion(let shell): print(shell.completion)
        case .check(let file):
            let document = try read(file)
            for warning in try document.load().warnings {
                ProcessEnvironment.say("\(warning)\n")
            }
            print(document.effective.text, terminator: "")
        case .plan(let file):
            print(try await EvictionReport.text(read(file).load().configuration), terminator: "")
        case .serve(let file):
            try await Service(
                load: { try read(file).load() }, environment: environment, signals: signals
            ).run()
        }
    }

    private static func read(_ file: String?) throws -> ConfigurationDocument {
        let environment = ProcessEnvironment.all
        return try ConfigurationPlace(named: file, environment: environment)
            .read(environment: environment)
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        ProcessEnvironment.exit(saying: message + "\n", status: status)
    }
}

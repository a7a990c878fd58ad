import MirrorHTTP
import MirrorSystem

/// The program: reads its arguments, runs, and says in one line why it cannot.
@main
enum Mirrord {
    static func main() {
        // Before anything else starts a thread: they all inherit which signals are held back, and
        // read the environment.
        let waiter = SignalWaiter()
        let environment = ServiceEnvironment.take()
        let signals = Service.Signals()
        Task(executorPreference: BlockingPool.shared) {
            do {
                try await run(Array(CommandLine.arguments.dropFirst()), environment, signals)
                ProcessEnvironment.exit(status: 0)
            } catch let error as Command.UsageError {
                fail("\(error)\n\n\(Command.manual)", status: 2)
            } catch {
                fail("\(error)", status: 1)
            }
        }
        waiter.run { signals.received($0) }
    }

    private static func run(
        _ arguments: [String], _ environment: ServiceEnvironment, _ signals: Service.Signals
    ) async throws {
        switch try Command(arguments: arguments) {
        case .version: print("mirrord \(ProductVersion.text)")
        case .help: print(Command.manual)
        case .serve(let file):
            try await Service(file: file, environment: environment, signals: signals).run()
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        ProcessEnvironment.exit(saying: "mirrord: \(message)\n", status: status)
    }
}

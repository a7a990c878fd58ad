import MirrorHTTP
import MirrorSystem

/// The program: reads its arguments, runs, and says in one line why it cannot.
@main
enum Mirrord {
    static func main() {
        // Before anything else starts a thread: they all inherit which signals are held back.
        let signals = SignalWaiter()
        let stop = StopSignal()
        Task(executorPreference: BlockingPool.shared) {
            do {
                try await run(Array(CommandLine.arguments.dropFirst()), until: stop)
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
        signals.run { number in stop.received(number) }
    }

    private static func run(_ arguments: [String], until stop: StopSignal) async throws {
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
            let assembly = try await Assembly(try read(file).load())
            await stop.wait()
            await assembly.stop()
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

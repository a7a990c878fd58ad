import MirrorHTTP
import MirrorSystem

/// The program: reads its arguments, runs, and says in one line why it cannot.
@main
enum Mirrord {
    static func main() async {
        // Before anything else starts a thread: they all inherit which signals are held back.
        let signals = SignalWaiter()
        do {
            switch try Command(arguments: Array(CommandLine.arguments.dropFirst())) {
            case .version: print("mirrord \(ProductVersion.text)")
            case .help: print(Command.manual)
            case .serve(let file): try await serve(file, until: signals)
            }
        } catch let error as Command.UsageError {
            fail("\(error)\n\n\(Command.manual)", status: 2)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func serve(_ file: String?, until signals: SignalWaiter) async throws {
        let loaded = try load(file)
        let assembly = try await Assembly(loaded)
        let stop = StopSignal()
        signals.start { number in stop.received(number) }
        await stop.wait()
        await assembly.stop()
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

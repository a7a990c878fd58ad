import MirrorHTTP
import MirrorSystem

/// The mirror from its start to its end, as its surroundings want it.
struct Service: Sendable {
    private let load: @Sendable () throws -> LoadedConfiguration
    private let environment: ServiceEnvironment
    private let signals: Signals

    /// What the first thread, which waits for signals, tells the rest of the program.
    struct Signals: Sendable {
        let stop = StopSignal()
        /// One element for each reload that is asked for; those that come during one are one.
        let reloads: AsyncStream<Void>
        private let reload: AsyncStream<Void>.Continuation

        init() {
            (reloads, reload) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        }

        func received(_ request: SignalWaiter.Request) {
            switch request {
            case .stop(let number): stop.received(number)
            case .reload: reload.yield()
            }
        }
    }

    /// - Parameter load: reads the configuration, at the start and whenever it is to be read anew.
    init(
        load: @escaping @Sendable () throws -> LoadedConfiguration,
        environment: ServiceEnvironment, signals: Signals
    ) {
        self.load = load
        self.environment = environment
        self.signals = signals
    }

    /// Starts, and returns when all has ended in order.
    func run() async throws {
        let manager = try ServiceManager(environment)
        let assembly = try await Assembly(try load(), inheriting: environment.sockets, load)
        manager.ready(at: assembly.address)
        await withDiscardingTaskGroup { tasks in
            tasks.addTask {
                for await _ in signals.reloads {
                    manager.reloading()
                    await assembly.reload()
                    manager.ready(at: assembly.address)
                }
            }
            tasks.addTask { await assembly.watch() }
            // Not on the threads that may block: a slow disk is no reason to end the process.
            tasks.addTask(executorPreference: globalConcurrentExecutor) {
                await manager.keepAlive(assembly.group)
            }
            await signals.stop.wait()
            tasks.cancelAll()
        }
        manager.stopping()
        await assembly.stop()
    }
}

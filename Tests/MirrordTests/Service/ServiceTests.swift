import MirrorCore
import MirrorHTTP
import MirrorSystem
import MirrorTesting
import Testing

@testable import mirrord

/// How the program and its service manager get on.
@Suite(.timeLimit(.minutes(10))) struct ServiceTests {
    private let folder: TemporaryFolder
    private let file: String

    init() throws {
        folder = try TemporaryFolder()
        file = "\(folder.path)/config.yml"
        try write(level: "error")
    }

    private func write(level: String, port: Int = 0, _ more: String = "") throws {
        let text = """
            version: 0.1
            log: {level: \(level), accesslog: {disabled: true}}
            storage: inmemory
            http: {addr: '127.0.0.1:\(port)'}
            proxy: {remoteurl: 'http://127.0.0.1:1'}
            \(more)
            """
        let file = try SharedFile.open(file, for: .updating)
        try file.write(Array(text.utf8), at: 0)
        try file.truncate(to: Int64(text.utf8.count))
    }

    private func environment(_ variables: [String: String]) -> ServiceEnvironment {
        ServiceEnvironment(variables, process: 1)
    }

    private func receiver(at name: String) throws -> NotifyReceiver {
        let address =
            name.hasPrefix("@")
            ? SocketAddress(abstractName: String(name.dropFirst())) : SocketAddress(unixPath: name)
        return try NotifyReceiver(at: try #require(address))
    }

    @Test(arguments: [true, false])
    func itTellsOfItsStartReloadAndEnd(_ isAbstract: Bool) async throws {
        let name = isAbstract ? "@\(folder.path)" : "\(folder.path)/notify"
        let receiver = try receiver(at: name)
        let signals = Service.Signals()
        let service = Service(
            load: { [file] in try LoadedConfiguration.load(file) },
            environment: environment(["NOTIFY_SOCKET": name]), signals: signals)
        async let end: Void = service.run()
        let ready = await receiver.next()
        #expect(ready.first == "READY=1")
        #expect(ready.last?.hasPrefix("STATUS=serving at 127.0.0.1:") == true)
        signals.received(.reload)
        let reloading = await receiver.next()
        #expect(reloading.first == "RELOADING=1")
        let time = reloading.last?.split(separator: "=").last.flatMap { UInt64($0) } ?? 0
        #expect(reloading.last?.hasPrefix("MONOTONIC_USEC=") == true)
        #expect(time > 0 && time <= MonotonicClock.nanoseconds / 1000)
        #expect(await receiver.next() == ready)
        signals.received(.stop(15))
        #expect(await receiver.next().first == "STOPPING=1")
        try await end
    }

    @Test func itGivesSignsOfLifeWhereTheyAreWaitedFor() async throws {
        let name = "\(folder.path)/notify"
        let receiver = try receiver(at: name)
        let manager = try ServiceManager(
            environment(["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "20000000"]))
        let group = try EventLoopGroup(count: 2)
        let clock = ManualClock()
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await manager.keepAlive(group, time: clock) }
            for _ in 0..<3 {
                #expect(await receiver.next() == ["WATCHDOG=1"])
                await clock.untilSleeping()
                #expect(clock.deadlines == [clock.now + .seconds(10)])
                clock.advance(by: .seconds(10))
            }
            tasks.cancelAll()
        }
        group.stop()
    }

    @Test func aManagerThatHasGoneIsNoTrouble() async throws {
        let manager = try ServiceManager(
            environment(["NOTIFY_SOCKET": "\(folder.path)/absent"]))
        manager.ready(at: "x")
        manager.stopping()
    }

    @Test func anAddressOfAnotherKindIsNamed() {
        let error = #expect(throws: StartError.self) {
            try ServiceManager(environment(["NOTIFY_SOCKET": "vsock:2:1234"]))
        }
        #expect(error?.description.contains("vsock:2:1234") == true)
    }

    // MARK: Reloading

    private func reloadable(_ logger: Logger) throws -> ReloadableConfiguration {
        let running = try LoadedConfiguration.load(file).configuration
        return ReloadableConfiguration(running: running, logger: logger) { [file] in
            try LoadedConfiguration.load(file)
        }
    }

    @Test func theLogsLevelIsTakenAnew() async throws {
        let log = RecordedLog()
        let logger = Logger(sink: log, level: .error)
        let derived = logger.with(LogField("part", "a"))
        let configuration = try reloadable(logger)
        try write(level: "debug")
        try await configuration.reload()
        derived.debug("seen")
        #expect(log.messages == ["seen"])
        try write(level: "error")
        try await configuration.reload()
        derived.warning("unseen")
        #expect(log.messages == ["seen"])
    }

    @Test func whatNeedsARestartIsTold() async throws {
        let log = RecordedLog()
        let configuration = try reloadable(Logger(sink: log))
        try write(level: "warn")
        try await configuration.reload()
        #expect(log.messages.isEmpty)
        try write(level: "info", "redis: {addr: 'a:1'}")
        try await configuration.reload()
        #expect(log.messages.count == 1, "a warning of the file")
        try write(level: "info", port: 1)
        try await configuration.reload()
        #expect(log.messages.last?.contains("restart for it to count") == true)
    }

    @Test func aFileThatIsWrongChangesNothingAndIsExplained() async throws {
        let log = RecordedLog()
        let logger = Logger(sink: log, level: .error)
        let configuration = try reloadable(logger)
        try write(level: "debug", "htp: 1")
        let error = await #expect(throws: ReloadError.self) { try await configuration.reload() }
        #expect(error?.description.contains("there is no key \"htp\"") == true)
        #expect(logger.level == .error)
    }

    private struct Item: Reloadable {
        let reloadName: String
        let fault: String?

        func reload() async throws(ReloadError) {
            if let fault { throw ReloadError(fault) }
        }
    }

    @Test func oneThatCannotBeReloadedDoesNotHoldUpTheOthers() async {
        let log = RecordedLog()
        let items = [
            Item(reloadName: "one", fault: "it is gone"), Item(reloadName: "two", fault: nil),
        ]
        await Reloads(items, logger: Logger(sink: log)).run()
        #expect(
            log.messages == [
                "one cannot be reloaded; what was in use stays in use", "two reloaded",
            ])
    }
}

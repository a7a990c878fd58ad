import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorCore

/// A check whose outcome a test decides.
private final class Subject: Sendable {
    private let state = Mutex<(fault: String?, lookCount: Int)>((nil, 0))
    private let hanging = Mutex<Gate?>(nil)

    var lookCount: Int { state.withLock { $0.lookCount } }

    func become(_ fault: String?) {
        state.withLock { $0.fault = fault }
    }

    /// Looks do not end before the gate is open.
    func hang(until gate: Gate) {
        hanging.withLock { $0 = gate }
    }

    func check(
        _ name: String = "subject", threshold: Int = 1, turnsClientsAway: Bool = true
    ) -> HealthCheck {
        HealthCheck(name, threshold: threshold, turnsClientsAway: turnsClientsAway) { [self] in
            let gate = hanging.withLock { $0 }
            state.withLock { $0.lookCount += 1 }
            await gate?.wait()
            return state.withLock { $0.fault }
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct HealthMonitorTests {
    private let clock = ManualClock()
    private let subject = Subject()
    private let log = RecordingSink()

    /// Runs a monitor beside `body`.
    private func run(
        _ checks: [HealthCheck], _ body: @Sendable (HealthMonitor) async throws -> Void
    ) async throws {
        let monitor = HealthMonitor(checks, time: clock, logger: Logger(sink: log))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await monitor.run() }
            await clock.untilSleeping(checks.count)
            try await body(monitor)
            group.cancelAll()
        }
    }

    /// Lets the next look be begun.
    private func pass() async {
        clock.advance(by: .seconds(10))
        await clock.untilSleeping()
    }

    @Test func whatFailsIsToldOfUntilItPassesAgain() async throws {
        try await run([subject.check()]) { monitor in
            #expect(monitor.servesClients)
            subject.become("it is broken")
            await pass()
            await until { !monitor.servesClients }
            #expect(monitor.faults.map(\.reason) == ["it is broken"])
            #expect(monitor.count("mirrord_health_check_failing", "subject") == 1)
            subject.become(nil)
            await pass()
            await until { monitor.servesClients }
            #expect(monitor.faults == [])
            #expect(monitor.count("mirrord_health_check_failing", "subject") == 0)
        }
        #expect(log.messages(.error) == ["a health check fails; clients are turned away"])
        #expect(log.messages(.info) == ["a health check passes again"])
    }

    @Test func itFailsOnlyAfterSoManyTimesInARow() async throws {
        subject.become("no")
        try await run([subject.check(threshold: 3)]) { monitor in
            await until { subject.lookCount == 1 }
            await pass()
            await until { subject.lookCount == 2 }
            #expect(monitor.faults == [])
            await pass()
            await until { !monitor.servesClients }
            #expect(subject.lookCount == 3)
        }
    }

    @Test func oneThatHangsFailsWhenItsNextLookIsDueAndIsNotBegunAnew() async throws {
        let gate = Gate()
        subject.hang(until: gate)
        try await run([subject.check()]) { monitor in
            await until { subject.lookCount == 1 }
            #expect(monitor.servesClients)
            for _ in 0..<3 { await pass() }
            #expect(monitor.faults.map(\.reason) == ["it did not end within 10.0 seconds"])
            #expect(!monitor.servesClients)
            #expect(subject.lookCount == 1)
            gate.open()
            await until { monitor.servesClients }
            await pass()
            await until { subject.lookCount == 2 }
        }
    }

    @Test func aMonitorEndsWhateverHangs() async throws {
        let gate = Gate()
        subject.hang(until: gate)
        try await run([subject.check()]) { _ in await until { subject.lookCount == 1 } }
        gate.open()
    }

    @Test func whatOnlyConcernsReadinessTurnsNobodyAway() async throws {
        subject.become("no")
        try await run([subject.check(turnsClientsAway: false)]) { monitor in
            await until { monitor.faults.count == 1 }
            #expect(monitor.servesClients)
            #expect(!monitor.mayTurnClientsAway)
        }
        #expect(log.messages(.error) == ["a health check fails"])
    }

    @Test func clientsAreServedAgainWhenTheLastOfSeveralPasses() async throws {
        let other = Subject()
        other.become("no")
        subject.become("no")
        try await run([subject.check("a"), other.check("b")]) { monitor in
            await until { monitor.faults.count == 2 }
            subject.become(nil)
            clock.advance(by: .seconds(10))
            await clock.untilSleeping(2)
            await until { monitor.faults.map(\.check) == ["b"] }
            #expect(!monitor.servesClients)
            other.become(nil)
            clock.advance(by: .seconds(10))
            await until { monitor.servesClients }
        }
    }

    // MARK: What is looked at

    @Test func aStorageThatDoesNotAnswerFailsUnderTheReferencesName() async {
        let faulty = FaultyDriver(MemoryDriver())
        let check = HealthCheck.storage(faulty, kind: "filesystem")
        #expect(check.name == "storagedriver_filesystem")
        #expect(await check.fault() == nil)
        faulty.fail(StorageFault(.failed, on: [.list]))
        #expect(await check.fault() != nil)
    }

    @Test func aStorageThatCannotBeWrittenIsWell() async {
        let faulty = FaultyDriver(MemoryDriver())
        faulty.fail(StorageFault(.outOfSpace, on: [.put, .upload, .write, .commit]))
        #expect(await HealthCheck.storage(faulty, kind: "filesystem").fault() == nil)
    }

    @Test func aFileThatIsThereFails() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/down"
        let check = HealthCheck.noFile(at: path)
        #expect(check.name == path)
        #expect(await check.fault() == nil)
        let driver = try FileSystemDriver(root: folder.path)
        try await driver.put([], at: .made("down"))
        #expect(await check.fault() == "file exists")
        try await driver.delete(.made("down"))
        #expect(await check.fault() == nil)
    }
}

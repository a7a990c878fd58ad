internal import MirrorSystem
internal import Synchronization

/// Looks at checks again and again, and knows which of them fail.
///
/// None is waited for: one that hangs, as a disk may, fails when its next look is due, and is not
/// begun anew before it has ended.
public final class HealthMonitor: Sendable {
    /// A check that fails.
    public struct Fault: Hashable, Sendable {
        /// The check's name.
        public let check: String
        /// What is wrong.
        public let reason: String
        /// Whether clients are turned away for it.
        public let turnsClientsAway: Bool
    }

    private struct Entry {
        var state: HealthState
        var isUnderWay = false
    }

    private let checks: [HealthCheck]
    private let time: any TimeSource
    private let logger: Logger
    private let entries: Mutex<[Entry]>
    /// How many checks fail for which clients are turned away.
    private let decisiveFaultCount = Atomic<Int>(0)

    /// Watches over nothing before ``run()``; all is well until then.
    public init(
        _ checks: [HealthCheck], time: any TimeSource = SystemTimeSource(),
        logger: Logger = .disabled
    ) {
        self.checks = checks
        self.time = time
        self.logger = logger
        entries = Mutex(checks.map { Entry(state: HealthState(threshold: $0.threshold)) })
    }

    /// Whether there are checks for which clients are turned away.
    public var mayTurnClientsAway: Bool { checks.contains(where: \.turnsClientsAway) }

    /// Whether clients are to be served. Costs one load.
    public var servesClients: Bool { decisiveFaultCount.load(ordering: .relaxed) == 0 }

    /// What fails, in the order of the checks.
    public var faults: [Fault] {
        let reasons = entries.withLock { $0.map(\.state.fault) }
        return zip(checks, reasons).compactMap { check, reason in
            reason.map {
                Fault(check: check.name, reason: $0, turnsClientsAway: check.turnsClientsAway)
            }
        }
    }

    /// Goes on until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for index in checks.indices {
                group.addTask { [self] in await watch(index) }
            }
        }
    }

    private func watch(_ index: Int) async {
        while !Task.isCancelled {
            look(index)
            do { try await time.sleep(for: checks[index].interval) } catch { return }
        }
    }

    private func look(_ index: Int) {
        let isLate = entries.withLock { entries in
            defer { entries[index].isUnderWay = true }
            return entries[index].isUnderWay
        }
        if isLate {
            return didEnd(index, "it did not end within \(checks[index].interval)")
        }
        Task { [self] in
            let fault = await checks[index].fault()
            entries.withLock { $0[index].isUnderWay = false }
            didEnd(index, fault)
        }
    }

    private func didEnd(_ index: Int, _ fault: String?) {
        let check = checks[index]
        let (hasChanged, reason) = entries.withLock { entries in
            let hasChanged = entries[index].state.didEnd(fault)
            let reason = entries[index].state.fault
            if hasChanged, check.turnsClientsAway {
                decisiveFaultCount.add(reason == nil ? -1 : 1, ordering: .relaxed)
            }
            return (hasChanged, reason)
        }
        guard hasChanged else { return }
        guard let reason else {
            return logger.info("a health check passes again", LogField("check", check.name))
        }
        logger.error(
            check.turnsClientsAway
                ? "a health check fails; clients are turned away" : "a health check fails",
            LogField("check", check.name), LogField("error", reason))
    }
}

extension HealthMonitor: MetricSource {
    /// Which checks fail.
    public var metrics: [MetricFamily] {
        var family = MetricFamily(
            .gauge, "mirrord_health_check_failing", "1 while a health check fails.", by: "check")
        let faults = Set(faults.map(\.check))
        for check in checks { family.add(.count(faults.contains(check.name) ? 1 : 0), check.name) }
        return [family]
    }
}

internal import Synchronization

/// When tags were checked, on disk beside the registry's layout, so that a restart asks upstream
/// no more than the process before would have.
///
/// It can be lost or damaged without harm: a tag that it does not tell of is asked for.
final class TagJournal: Sendable {
    /// How often checks are written down; a crash loses at most so much of them.
    private static let interval = Duration.seconds(30)

    private let driver: any StorageDriver
    private let table: TagTable
    private let time: any TimeSource
    private let logger: Logger
    /// Where the next checks are written; nil until what is there could be read.
    private let log = Mutex<SegmentedLog?>(nil)
    private let restores = SingleFlight<StorageKey, Void, Never>()
    private let isRestored = Atomic(false)

    init(_ driver: any StorageDriver, table: TagTable, time: any TimeSource, logger: Logger) {
        self.driver = driver
        self.table = table
        self.time = time
        self.logger = logger
    }

    /// Lets the table know what was written down, once; waits until it does.
    func restore() async {
        if isRestored.load(ordering: .acquiring) { return }
        _ = await restores.value(for: RegistryLayout.tagChecks) { [self] in
            if isRestored.load(ordering: .acquiring) { return }
            do throws(StorageError) { _ = try await open() } catch {
                warn("cannot be read; tags are asked for", LogField("error", "\(error)"))
            }
            isRestored.store(true, ordering: .releasing)
        }
    }

    /// Writes checks down now and then until the task is cancelled, and once more then.
    func run() async {
        await restore()
        while !Task.isCancelled {
            await write()
            do { try await time.sleep(for: Self.interval) } catch { break }
        }
        await write()
    }

    private func open() async throws(StorageError) -> SegmentedLog {
        var opened = SegmentedLog(driver, at: RegistryLayout.tagChecks)
        try await learn(from: &opened)
        log.withLock { [opened] in $0 = opened }
        return opened
    }

    /// Lets the table know what was written down, by other processes too.
    private func learn(from log: inout SegmentedLog) async throws(StorageError) {
        var lines: [Substring] = []
        try await log.readNews { _, more in
            lines += more
        } warn: { segment, error in
            warn(
                "cannot all be read; tags are asked for", LogField("segment", segment),
                LogField("error", error.map { "\($0)" } ?? "it is too large"))
        }
        var damaged = 0
        // The last line of a tag counts, and the table keeps what it is told first.
        for line in lines.reversed() {
            guard let (name, check) = Self.parse(line) else {
                damaged += 1
                continue
            }
            table.restore(name, check)
        }
        if damaged > 0 {
            warn("are damaged in part, which was left out", LogField("lines", damaged))
        }
    }

    private func write() async {
        let changes = table.takeChanges()
        if changes.isEmpty { return }
        do throws(StorageError) {
            var log =
                if let log = self.log.withLock({ $0 }) { log } else { try await open() }
            // A write that fails half-way has written a segment all the same.
            defer { self.log.withLock { [log] in $0 = log } }
            if log.isLong {
                // What others wrote would go with what is replaced.
                try await learn(from: &log)
                try await log.replace(with: Self.lines(table.checks))
            } else {
                try await log.append(Self.lines(changes))
            }
        } catch {
            warn("cannot be written", LogField("error", "\(error)"))
            table.putBack(changes)
        }
    }

    private func warn(_ what: String, _ fields: LogField...) {
        logger.log(.warning, "the times when tags were checked \(what)", fields)
    }

    // MARK: Lines

    /// A line is `seconds digest repository tag`.
    private static func lines(_ checks: [TagName: TagCheck]) -> [String] {
        checks.map { name, check in
            let seconds = check.at.nanosecondsSinceEpoch / 1_000_000_000
            return "\(seconds) \(check.digest) \(name.repository) \(name.tag)"
        }
    }

    private static func parse(_ line: Substring) -> (TagName, TagCheck)? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, let seconds = Int64(words[0]), let digest = Digest(words[1]),
            let repository = RepositoryName(words[2]), let tag = Tag(words[3])
        else { return nil }
        return (
            TagName(repository: repository, tag: tag),
            TagCheck(digest: digest, at: .seconds(seconds))
        )
    }
}

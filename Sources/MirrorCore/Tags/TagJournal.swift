internal import Synchronization

/// When tags were checked, on disk beside the registry's layout, so that a restart asks upstream
/// no more than the process before would have. Mirrors over one store share it, and learn from
/// each other what tags name.
///
/// It can be lost or damaged without harm: a tag that it does not tell of is asked for.
final class TagJournal: Sendable {
    /// How often checks are written down; a crash loses at most so much of them.
    private static let interval = Duration.seconds(30)

    private let driver: any StorageDriver
    private let table: TagTable
    private let index: TagIndex
    private let time: any TimeSource
    private let logger: Logger
    /// Where the next checks are written; nil until what is there could be read.
    private let log = Mutex<SegmentedLog?>(nil)
    private let restores = SingleFlight<StorageKey, Void, Never>()
    private let isRestored = Atomic(false)

    init(
        _ driver: any StorageDriver, table: TagTable, index: TagIndex, time: any TimeSource,
        logger: Logger
    ) {
        self.driver = driver
        self.table = table
        self.index = index
        self.time = time
        self.logger = logger
    }

    /// Lets the table know what was written down, once; waits until it does.
    func restore() async {
        if isRestored.load(ordering: .acquiring) { return }
        _ = await restores.value(for: RegistryLayout.tagChecks) { [self] in
            if isRestored.load(ordering: .acquiring) { return }
            await hear()
            isRestored.store(true, ordering: .releasing)
        }
    }

    /// Reads what others have written, and writes checks down, now and then until the task is
    /// cancelled, and once more then.
    func run() async {
        await restore()
        while !Task.isCancelled {
            await sync()
            do { try await time.sleep(for: Self.interval) } catch { break }
        }
        await sync()
    }

    /// Learns what others have written since, or, at first, all that was written before.
    ///
    /// - Returns: the log, to be written to.
    @discardableResult
    private func readNews() async throws(StorageError) -> SegmentedLog {
        var log =
            self.log.withLock { $0 } ?? SegmentedLog(driver, at: RegistryLayout.tagChecks)
        try await learn(from: &log)
        self.log.withLock { [log] in $0 = log }
        return log
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
            index.didName(name, check.digest)
            table.restore(name, check)
        }
        if damaged > 0 {
            warn("are damaged in part, which was left out", LogField("lines", damaged))
        }
    }

    private func sync() async {
        let changes = table.takeChanges()
        if changes.isEmpty { await hear() } else { await write(changes) }
    }

    /// Learns what others have written, as far as it can be read.
    private func hear() async {
        do throws(StorageError) { try await readNews() } catch {
            warn("cannot be read; tags are asked for", LogField("error", "\(error)"))
        }
    }

    private func write(_ changes: [TagName: TagCheck]) async {
        do throws(StorageError) {
            // What others wrote would go with what is replaced.
            var log = try await readNews()
            // A write that fails half-way has written a segment all the same.
            defer { self.log.withLock { [log] in $0 = log } }
            if log.isLong {
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

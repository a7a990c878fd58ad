/// What is held and when it was used, on disk beside the registry's layout.
///
/// It can be lost or damaged without losing content: what it does not know is found on disk and
/// counts as used when it was found. Mirrors over one store share it, and so learn from each
/// other what is held and used.
struct UseJournal: Sendable {
    private var log: SegmentedLog
    private let logger: Logger

    /// Opens the journal that a driver keeps. Ask it for news first: that is all that was
    /// written before.
    init(_ driver: any StorageDriver, logger: Logger) {
        log = SegmentedLog(driver, at: RegistryLayout.uses)
        self.logger = logger
    }

    /// Whether the next write should hold everything.
    var isLong: Bool { log.isLong }

    /// What others have written since this was asked before, oldest first. Segments and lines
    /// that cannot be read are left out.
    ///
    /// - Throws: when not even the names of the segments can be read.
    mutating func readNews(_ learn: (UseChange) -> Void) async throws(StorageError) {
        try await log.readNews { [logger] segment, lines in
            var damaged = 0
            for line in lines {
                if let change = UseChange(line: line) { learn(change) } else { damaged += 1 }
            }
            guard damaged > 0 else { return }
            logger.warning(
                "part of the use times is damaged and was left out",
                LogField("segment", segment), LogField("lines", damaged))
        } warn: { [logger] segment, error in
            logger.warning(
                "use times cannot be read; what they do not tell of counts as used now",
                LogField("segment", segment),
                LogField("error", error.map { "\($0)" } ?? "it is too large"))
        }
    }

    /// Writes changes behind those written before.
    mutating func append(_ changes: [UseChange]) async throws(StorageError) {
        try await log.append(changes.lazy.map(\.line))
    }

    /// Writes everything anew, then removes what has been read, or written, before.
    mutating func replace(with held: [HeldItem]) async throws(StorageError) {
        try await log.replace(with: held.lazy.map { UseChange.stored($0).line })
    }
}

/// What is held and when it was used, on disk beside the registry's layout.
///
/// It can be lost or damaged without losing content: what it does not know is found on disk and
/// counts as used when it was found. Mirrors over one store share it, and so learn from each
/// other what is held and used.
struct UseJournal: Sendable {
    /// Lines that may be out of date however little is held.
    private static let spareLineCount = 4096

    private var log: SegmentedLog
    private let logger: Logger

    /// Opens the journal that a driver keeps. Ask it for news first: that is all that was
    /// written before.
    init(_ driver: any StorageDriver, logger: Logger) {
        log = SegmentedLog(driver, at: RegistryLayout.uses)
        self.logger = logger
    }

    /// Whether there are so many small segments that they should be packed.
    var isFragmented: Bool { log.isFragmented }

    /// Whether most of it is out of date, where so many items are held, so that everything should
    /// be written anew.
    func isWasteful(whileHeld itemCount: Int) -> Bool {
        log.lineCount > 2 * itemCount + Self.spareLineCount
    }

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

    /// Writes everything anew, then removes what has been read, or written, before. What was
    /// removed lately others may not have heard of, and so it is written as well.
    ///
    /// - Parameter knows: whether an item is held.
    mutating func replace(
        with held: [HeldItem], knows: (CachedItem) -> Bool
    ) async throws(StorageError) {
        try await log.replace(with: held.lazy.map { UseChange.stored($0).line }) { lines in
            Self.relevant(lines, knows: knows).filter(\.isRemoval).map(\.line)
        }
    }

    /// Writes what small segments tell of into few, without what is out of date.
    ///
    /// - Parameter knows: whether an item is held.
    mutating func pack(knows: (CachedItem) -> Bool) async throws(StorageError) {
        try await log.pack { lines in Self.relevant(lines, knows: knows).map(\.line) }
    }

    /// The changes that say how things are: no uses of what is not held, no removal of what is,
    /// and of several of one kind the last.
    private static func relevant(
        _ lines: [Substring], knows: (CachedItem) -> Bool
    ) -> [UseChange] {
        var stored: Set<CachedItem> = []
        var used: Set<CachedItem> = []
        var removed: Set<CachedItem> = []
        let latest = lines.reversed().compactMap { UseChange(line: $0) }.filter { change in
            switch change {
            case .stored(let held): knows(held.item) && stored.insert(held.item).inserted
            case .used(let item, _): knows(item) && used.insert(item).inserted
            case .removed(let item): !knows(item) && removed.insert(item).inserted
            }
        }
        return latest.reversed()
    }
}

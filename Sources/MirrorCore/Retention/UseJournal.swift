/// Use times on disk, beside the registry's layout: numbered segments of changes, and now and
/// then one that holds everything, after which those before it go.
///
/// It can be lost or damaged without losing content: what it does not know is found on disk and
/// counts as used when it was found.
struct UseJournal: Sendable {
    /// Segments after which everything is written anew.
    private static let segmentLimit = 64
    /// Digits of a segment's name, so that the order of names is that of their numbers.
    private static let digitCount = 12
    private static let numberLimit = 999_999_999_999
    private static let numbers = 1..<numberLimit

    private let driver: any StorageDriver
    private let logger: Logger
    private var nextSegment: Int
    private var segmentCount: Int

    private init(_ driver: any StorageDriver, segments: [String], logger: Logger) {
        self.driver = driver
        self.logger = logger
        // Whatever is there, readable or not, is not written over.
        let last = segments.compactMap { Int($0) }.filter(Self.numbers.contains).max()
        nextSegment = (last ?? 0) + 1
        segmentCount = segments.count
    }

    /// Opens the journal that a driver keeps.
    ///
    /// - Returns: the journal, and what was written in it, oldest first. Segments and lines that
    ///   cannot be read are left out.
    /// - Throws: when not even the names of the segments can be read.
    static func open(
        _ driver: any StorageDriver, logger: Logger
    ) async throws(StorageError) -> (journal: UseJournal, changes: [UseChange]) {
        let segments = try await segments(driver)
        let journal = UseJournal(driver, segments: segments, logger: logger)
        var changes: [UseChange] = []
        for name in segments { changes += await journal.read(name) }
        return (journal, changes)
    }

    /// Whether the next write should hold everything.
    var isLong: Bool { segmentCount >= Self.segmentLimit }

    private func read(_ name: String) async -> [UseChange] {
        do throws(StorageError) {
            guard let object = try await driver.open(RegistryLayout.uses.child(name)) else {
                return []
            }
            return parse(try await object.readAll(), segment: name)
        } catch {
            logger.warning(
                "use times cannot be read; what they do not tell of counts as used now",
                LogField("error", "\(error)"))
            return []
        }
    }

    /// Writes changes behind those written before.
    mutating func append(_ changes: [UseChange]) async throws(StorageError) {
        try await write(changes)
    }

    /// Writes everything anew, then removes what was written before.
    mutating func replace(with records: [UseRecord]) async throws(StorageError) {
        let old = try await Self.segments(driver)
        try await write(records.map { .known($0) })
        for name in old { try await driver.delete(RegistryLayout.uses.child(name)) }
        segmentCount = 1
    }

    private mutating func write(_ changes: [UseChange]) async throws(StorageError) {
        var bytes: [UInt8] = []
        for change in changes { bytes += Array("\(change.line)\n".utf8) }
        let digits = String(nextSegment)
        let name = String(repeating: "0", count: max(0, Self.digitCount - digits.count)) + digits
        try await driver.put(bytes, at: RegistryLayout.uses.child(name))
        nextSegment += 1
        segmentCount += 1
    }

    private static func segments(
        _ driver: any StorageDriver
    ) async throws(StorageError) -> [String] {
        var names: [String] = []
        while true {
            let page = try await driver.list(RegistryLayout.uses, after: names.last, limit: 256)
            if page.isEmpty { return names }
            names += page.map(\.name)
        }
    }

    private func parse(_ bytes: [UInt8], segment: String) -> [UseChange] {
        var damaged = 0
        let changes = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let change = UseChange(line: String(decoding: line, as: UTF8.self))
            if change == nil { damaged += 1 }
            return change
        }
        if damaged > 0 {
            logger.warning(
                "part of the use times is damaged and was left out",
                LogField("segment", segment), LogField("lines", damaged))
        }
        return changes
    }
}

/// One line of the journal: `+ seconds kind digest repository needs`, or
/// `- kind digest repository` for what is held no more.
enum UseChange: Hashable, Sendable {
    case known(UseRecord)
    case removed(CachedItem)

    var line: String {
        switch self {
        case .known(let record):
            let seconds = record.lastUse.nanosecondsSinceEpoch / 1_000_000_000
            let needs = record.needs.map(\.text).joined(separator: ",")
            return "+ \(seconds) \(Self.text(record.item)) \(needs)"
        case .removed(let item): return "- \(Self.text(item))"
        }
    }

    init?(line: String) {
        let words = line.split(separator: " ")
        switch words.first {
        case "+":
            guard words.count == 5 || words.count == 6, let seconds = Int64(words[1]),
                let item = Self.item(words[2...4])
            else { return nil }
            let texts = words.count == 6 ? words[5].split(separator: ",") : []
            let needs = texts.compactMap { Digest(String($0)) }
            // Without one of its needs, an image would be let go of in parts.
            guard needs.count == texts.count else { return nil }
            self = .known(UseRecord(item, needs: needs, lastUse: .seconds(seconds)))
        case "-":
            guard words.count == 4, let item = Self.item(words[1...3]) else { return nil }
            self = .removed(item)
        default: return nil
        }
    }

    private static func text(_ item: CachedItem) -> String {
        "\(item.kind.rawValue) \(item.digest) \(item.repository)"
    }

    private static func item(_ words: ArraySlice<Substring>) -> CachedItem? {
        guard words.count == 3,
            let kind = CachedItem.Kind(rawValue: String(words[words.startIndex])),
            let digest = Digest(String(words[words.startIndex + 1])),
            let repository = RepositoryName(String(words[words.startIndex + 2]))
        else { return nil }
        return CachedItem(kind, digest, in: repository)
    }
}

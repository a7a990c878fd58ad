/// One line of the journal of uses. Times are seconds since 1970, sizes bytes:
///
///     + <last use> <stored> <size> <kind> <digest> <repository> <digests it needs>
///     * <last use> <kind> <digest> <repository>
///     - <kind> <digest> <repository>
enum UseChange: Hashable, Sendable {
    case stored(HeldItem)
    case used(CachedItem, at: WallTime)
    case removed(CachedItem)

    /// What it is about.
    var item: CachedItem {
        switch self {
        case .stored(let held): held.item
        case .used(let item, _), .removed(let item): item
        }
    }

    var isRemoval: Bool {
        if case .removed = self { true } else { false }
    }

    var line: String {
        switch self {
        case .stored(let held):
            let times = "\(Self.seconds(held.lastUse)) \(Self.seconds(held.storedAt))"
            let needs = held.needs.map(\.text).joined(separator: ",")
            return "+ \(times) \(held.size) \(Self.text(held.item)) \(needs)"
        case .used(let item, let time): return "* \(Self.seconds(time)) \(Self.text(item))"
        case .removed(let item): return "- \(Self.text(item))"
        }
    }

    init?(line: some StringProtocol) {
        let words = line.utf8.split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        switch words.first {
        case "+":
            guard let held = Self.held(words) else { return nil }
            self = .stored(held)
        case "*":
            guard words.count == 5, let time = Self.time(words[1]),
                let item = Self.item(words[2...4])
            else { return nil }
            self = .used(item, at: time)
        case "-":
            guard words.count == 4, let item = Self.item(words[1...3]) else { return nil }
            self = .removed(item)
        default: return nil
        }
    }

    private static func held(_ words: [String]) -> HeldItem? {
        guard words.count == 7 || words.count == 8, let lastUse = time(words[1]),
            let storedAt = time(words[2]), let size = Int64(words[3]), size >= 0,
            let item = item(words[4...6])
        else { return nil }
        let texts = words.count == 8 ? words[7].utf8.split(separator: UInt8(ascii: ",")) : []
        let needs = texts.compactMap { Digest(String(decoding: $0, as: UTF8.self)) }
        // Without one of its needs, an image would be let go of in parts.
        guard needs.count == texts.count else { return nil }
        return HeldItem(item, needs: needs, size: size, storedAt: storedAt, lastUse: lastUse)
    }

    private static func text(_ item: CachedItem) -> String {
        "\(item.kind.rawValue) \(item.digest) \(item.repository)"
    }

    private static func item(_ words: ArraySlice<String>) -> CachedItem? {
        guard let kind = CachedItem.Kind(rawValue: words[words.startIndex]),
            let digest = Digest(words[words.startIndex + 1]),
            let repository = RepositoryName(words[words.startIndex + 2])
        else { return nil }
        return CachedItem(kind, digest, in: repository)
    }

    private static func seconds(_ time: WallTime) -> Int64 {
        time.nanosecondsSinceEpoch / 1_000_000_000
    }

    private static func time(_ word: String) -> WallTime? {
        Int64(word).map { .seconds($0) }
    }
}

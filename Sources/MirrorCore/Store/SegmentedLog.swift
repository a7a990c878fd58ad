/// Lines on disk in numbered segments: each append writes some, and now and then what holds
/// everything replaces all.
///
/// It is for what can be lost without harm. Several processes may write to one log: each has
/// segments of its own, and reads those of the others when it asks for news.
struct SegmentedLog: Sendable {
    /// Segments after which everything should be written anew.
    private static let segmentLimit = 64
    /// A segment larger than this is not read: nothing of ours wrote it.
    private static let byteLimit: Int64 = 64 << 20
    /// Digits of a segment's number, so that the order of names is that of their numbers.
    private static let digitCount = 12
    private static let numberLimit = 999_999_999_999

    private let driver: any StorageDriver
    private let folder: StorageKey
    /// Behind the number in the names of this writer's segments; others have another.
    private let writer: String
    /// A segment that has reached this size is followed by the next.
    private let segmentByteCount: Int
    private var lastNumber = 0
    /// The segments that have been read, or written, here.
    private var known: Set<String> = []
    /// Those of them that came after everything was written anew.
    private var recentCount = 0

    /// What could not be read of a segment.
    typealias Warn = (_ segment: String, StorageError?) -> Void
    /// The lines of a segment.
    typealias Take = (_ segment: String, [Substring]) -> Void

    /// A log in a folder. Ask it for news first: that is all that was written before.
    init(_ driver: any StorageDriver, at folder: StorageKey, segmentByteCount: Int = 8 << 20) {
        self.driver = driver
        self.folder = folder
        self.segmentByteCount = segmentByteCount
        writer = String(UInt32.random(in: .min ... .max), radix: 36)
    }

    /// Whether the next write should hold everything.
    var isLong: Bool { recentCount >= Self.segmentLimit }

    /// Reads what others have written since this was asked before, oldest segment first. What
    /// cannot be read is left out.
    ///
    /// - Throws: when not even the names of the segments can be read.
    mutating func readNews(_ take: Take, warn: Warn) async throws(StorageError) {
        let names = try await segments()
        // Whatever is there, readable or not, is not written over.
        let numbers = names.compactMap { Self.number(of: $0) }
        lastNumber = max(lastNumber, numbers.max() ?? 0)
        for name in names where !known.contains(name) {
            await read(name, take, warn: warn)
            recentCount += 1
        }
        known = Set(names)
    }

    private func read(_ name: String, _ take: Take, warn: Warn) async {
        do throws(StorageError) {
            guard let object = try await driver.open(folder.child(name)) else { return }
            guard object.size <= Self.byteLimit else { return warn(name, nil) }
            let text = String(decoding: try await object.readAll(), as: UTF8.self)
            take(name, text.split(separator: "\n"))
        } catch {
            warn(name, error)
        }
    }

    /// Writes lines behind those written before.
    mutating func append(_ lines: some Sequence<String>) async throws(StorageError) {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += line.utf8
            bytes.append(UInt8(ascii: "\n"))
            if bytes.count >= segmentByteCount {
                try await write(bytes)
                bytes = []
            }
        }
        if !bytes.isEmpty { try await write(bytes) }
    }

    /// Writes everything anew, then removes what has been read, or written, before.
    mutating func replace(with lines: some Sequence<String>) async throws(StorageError) {
        let old = known
        try await append(lines)
        for name in old.sorted() {
            try await driver.delete(folder.child(name))
            known.remove(name)
        }
        recentCount = 0
    }

    private mutating func write(_ bytes: [UInt8]) async throws(StorageError) {
        let digits = String(lastNumber + 1)
        let zeros = String(repeating: "0", count: max(0, Self.digitCount - digits.count))
        let name = "\(zeros)\(digits)-\(writer)"
        try await driver.put(bytes, at: folder.child(name))
        lastNumber += 1
        known.insert(name)
        recentCount += 1
    }

    private static func number(of name: String) -> Int? {
        let number = Int(name.prefix { $0 != "-" })
        return number.flatMap { (1..<numberLimit).contains($0) ? $0 : nil }
    }

    private func segments() async throws(StorageError) -> [String] {
        var names: [String] = []
        while true {
            let page = try await driver.list(folder, after: names.last, limit: 256)
            if page.isEmpty { return names }
            names += page.map(\.name)
        }
    }
}

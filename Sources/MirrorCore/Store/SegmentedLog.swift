/// Lines on disk in numbered segments: each append writes some, many small ones are packed into
/// few, and now and then what holds everything replaces all.
///
/// It is for what can be lost without harm. Several processes may write to one log: each has
/// segments of its own, and reads those of the others when it asks for news.
struct SegmentedLog: Sendable {
    /// Segments after which they should be packed, or everything written anew.
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
    private var known: [String: Segment] = [:]
    /// Those of them that came after everything was written anew.
    private var recentCount = 0

    private struct Segment {
        var byteCount: Int64
        var lineCount: Int
    }

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

    /// Whether the next write should hold everything, where that is not much.
    var isLong: Bool { recentCount >= Self.segmentLimit }

    /// How many lines have been read and written, of those that are there still.
    var lineCount: Int { known.values.reduce(0) { $0 + $1.lineCount } }

    /// Whether there are so many small segments that they should be packed.
    var isFragmented: Bool { known.values.count(where: isSmall) >= Self.segmentLimit }

    private func isSmall(_ segment: Segment) -> Bool { 2 * segment.byteCount < segmentByteCount }

    /// Reads what others have written since this was asked before, oldest segment first. What
    /// cannot be read is left out; when the task is cancelled, the rest is left for later.
    ///
    /// - Throws: when not even the names of the segments can be read.
    mutating func readNews(_ take: Take, warn: Warn) async throws(StorageError) {
        let names = try await segments()
        // Whatever is there, readable or not, is not written over.
        let numbers = names.compactMap { Self.number(of: $0) }
        lastNumber = max(lastNumber, numbers.max() ?? 0)
        var found: [String: Segment] = [:]
        for name in names {
            if let segment = known[name] {
                found[name] = segment
            } else if !Task.isCancelled {
                found[name] = await read(name, take, warn: warn)
                recentCount += 1
            }
        }
        known = found
    }

    /// What cannot be read counts as large, so that it is not packed.
    private func read(_ name: String, _ take: Take, warn: Warn) async -> Segment {
        do throws(StorageError) {
            let (segment, lines) = try await contents(of: name)
            if segment.byteCount <= Self.byteLimit { take(name, lines) } else { warn(name, nil) }
            return segment
        } catch {
            warn(name, error)
            return Segment(byteCount: .max / 2, lineCount: 0)
        }
    }

    private func contents(
        of name: String
    ) async throws(StorageError) -> (Segment, lines: [Substring]) {
        guard let object = try await driver.open(folder.child(name)) else {
            return (Segment(byteCount: 0, lineCount: 0), [])
        }
        guard object.size <= Self.byteLimit else {
            return (Segment(byteCount: object.size, lineCount: 0), [])
        }
        // By bytes: to look for characters takes several times as long.
        let lines = String(decoding: try await object.readAll(), as: UTF8.self)
            .utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
        return (Segment(byteCount: object.size, lineCount: lines.count), lines)
    }

    /// Writes lines behind those written before.
    mutating func append(_ lines: some Sequence<String>) async throws(StorageError) {
        var bytes: [UInt8] = []
        var lineCount = 0
        for line in lines {
            bytes += line.utf8
            bytes.append(UInt8(ascii: "\n"))
            lineCount += 1
            if bytes.count >= segmentByteCount {
                try await write(bytes, lineCount: lineCount)
                bytes = []
                lineCount = 0
            }
        }
        if !bytes.isEmpty { try await write(bytes, lineCount: lineCount) }
    }

    /// Writes everything anew, then removes what has been read, or written, before.
    ///
    /// - Parameter select: the lines to keep beside of those in small segments, which are given
    ///   in their order.
    mutating func replace(
        with lines: some Sequence<String>, keeping select: ([Substring]) -> [String] = { _ in [] }
    ) async throws(StorageError) {
        let old = known.keys.sorted()
        let kept = select(try await smallLines())
        try await append(lines)
        try await append(kept)
        try await remove(old)
        recentCount = 0
    }

    /// Writes what is still worth keeping of many small segments behind all others, and removes
    /// them. What it costs does not depend on how much the log holds.
    ///
    /// - Parameter select: the lines to keep of those that are given, which are in their order.
    mutating func pack(_ select: ([Substring]) -> [String]) async throws(StorageError) {
        let old = smallSegments
        try await append(select(try await smallLines()))
        try await remove(old)
    }

    private var smallSegments: [String] { known.filter { isSmall($0.value) }.keys.sorted() }

    private func smallLines() async throws(StorageError) -> [Substring] {
        var lines: [Substring] = []
        for name in smallSegments { lines += try await contents(of: name).lines }
        return lines
    }

    private mutating func remove(_ names: [String]) async throws(StorageError) {
        for name in names {
            try await driver.delete(folder.child(name))
            known[name] = nil
        }
    }

    private mutating func write(
        _ bytes: [UInt8], lineCount: Int
    ) async throws(StorageError) {
        let digits = String(lastNumber + 1)
        let zeros = String(repeating: "0", count: max(0, Self.digitCount - digits.count))
        let name = "\(zeros)\(digits)-\(writer)"
        try await driver.put(bytes, at: folder.child(name))
        lastNumber += 1
        known[name] = Segment(byteCount: Int64(bytes.count), lineCount: lineCount)
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

/// Lines on disk in numbered segments: each append writes one, and now and then one that holds
/// everything replaces all.
///
/// It is for what can be lost without harm. Several processes that append to one log may write
/// over each other's segments, never into them.
struct SegmentedLog: Sendable {
    /// Segments after which everything should be written anew.
    private static let segmentLimit = 64
    /// A segment larger than this is not read: nothing of ours wrote it.
    private static let byteLimit: Int64 = 64 << 20
    /// Digits of a segment's name, so that the order of names is that of their numbers.
    private static let digitCount = 12
    private static let numberLimit = 999_999_999_999

    private let driver: any StorageDriver
    private let folder: StorageKey
    private var lastNumber: Int
    private var segmentCount: Int

    /// Opens the log in a folder and reads it, oldest line first. What cannot be read is left
    /// out, and named by `warn`.
    ///
    /// - Throws: when not even the names of the segments can be read.
    static func open(
        _ driver: any StorageDriver, at folder: StorageKey,
        warn: (_ segment: String, StorageError?) -> Void
    ) async throws(StorageError) -> (log: SegmentedLog, lines: [Substring]) {
        let names = try await segments(driver, folder)
        var lines: [Substring] = []
        for name in names {
            do throws(StorageError) {
                guard let object = try await driver.open(folder.child(name)) else { continue }
                guard object.size <= byteLimit else {
                    warn(name, nil)
                    continue
                }
                let text = String(decoding: try await object.readAll(), as: UTF8.self)
                lines += text.split(separator: "\n")
            } catch {
                warn(name, error)
            }
        }
        // Whatever is there, readable or not, is not written over.
        let last = names.compactMap { Int($0) }.filter { (1..<numberLimit).contains($0) }.max()
        let log = SegmentedLog(
            driver: driver, folder: folder, lastNumber: last ?? 0, segmentCount: names.count)
        return (log, lines)
    }

    /// Whether the next write should hold everything.
    var isLong: Bool { segmentCount >= Self.segmentLimit }

    /// Writes lines behind those written before.
    mutating func append(_ lines: [String]) async throws(StorageError) {
        let digits = String(lastNumber + 1)
        let name = String(repeating: "0", count: max(0, Self.digitCount - digits.count)) + digits
        let text = lines.map { $0 + "\n" }.joined()
        try await driver.put(Array(text.utf8), at: folder.child(name))
        lastNumber += 1
        segmentCount += 1
    }

    /// Writes everything anew, then removes what was written before.
    mutating func replace(with lines: [String]) async throws(StorageError) {
        let old = try await Self.segments(driver, folder)
        try await append(lines)
        for name in old { try await driver.delete(folder.child(name)) }
        segmentCount = 1
    }

    private static func segments(
        _ driver: any StorageDriver, _ folder: StorageKey
    ) async throws(StorageError) -> [String] {
        var names: [String] = []
        while true {
            let page = try await driver.list(folder, after: names.last, limit: 256)
            if page.isEmpty { return names }
            names += page.map(\.name)
        }
    }
}

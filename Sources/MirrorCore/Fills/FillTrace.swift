/// What a fill leaves beside its bytes for a process that comes after it: whom the blob is to be
/// asked from, when it last went on, and what of it has arrived where that is no mere beginning.
///
/// It is one line, behind those written before: `1700000000 library/app` or
/// `1700000000 library/app has 0-1048576 4194304-5242880`.
struct FillTrace: Hashable, Sendable {
    var repository: RepositoryName
    var since: WallTime
    /// Nil where it is all bytes that are there.
    var arrived: ByteRanges?

    /// The line, without its end.
    var line: String {
        let start = "\(since.nanosecondsSinceEpoch / 1_000_000_000) \(repository)"
        guard let arrived else { return start }
        return "\(start) has \(arrived.text)"
    }

    init(repository: RepositoryName, since: WallTime, arrived: ByteRanges? = nil) {
        self.repository = repository
        self.since = since
        self.arrived = arrived
    }

    /// Reads what ``line`` wrote; nil for all else.
    init?(line: String) {
        let words = line.split(
            separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 2 || words.count == 4, let seconds = Int64(words[0]),
            let repository = RepositoryName(String(words[1]))
        else { return nil }
        self.init(repository: repository, since: .seconds(seconds))
        guard words.count == 4 else { return }
        guard words[2] == "has", let arrived = ByteRanges(text: String(words[3])) else {
            return nil
        }
        self.arrived = arrived
    }

    /// The last line that is whole and makes sense: a kill, or a loss of power, may have left
    /// others.
    init?(lines bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines.dropLast().reversed() {
            guard let trace = FillTrace(line: String(decoding: line, as: UTF8.self)) else {
                continue
            }
            self = trace
            return
        }
        return nil
    }
}

import MirrorCore
internal import Synchronization

/// One transfer of a blob that follows its script.
final class ScriptedDownload: BlobDownload {
    /// A prime, so that blocks end at odd places.
    private static let blockByteCount: Int64 = 4_093

    let totalSize: Int64?
    let offset: Int64
    let validator: String?
    private let stop: Int64
    private let bytes: [UInt8]
    private let digest: Digest
    private let script: TransferScript
    private let fetcher: ScriptedFetcher
    private let next: Mutex<Int64>

    init(
        _ bytes: [UInt8], of digest: Digest, from offset: Int64, to end: Int64?,
        by script: TransferScript,
        statesSize: Bool, in fetcher: ScriptedFetcher
    ) {
        totalSize = script.statedSize ?? (statesSize ? Int64(bytes.count) : nil)
        self.offset = offset
        stop = end ?? .max
        validator = script.validator
        self.bytes = bytes
        self.digest = digest
        self.script = script
        self.fetcher = fetcher
        next = Mutex(offset)
    }

    func next() async throws(UpstreamError) -> [UInt8]? {
        let start = next.withLock { $0 }
        if let hold = script.hold, hold.offset == start { try await hold.checkpoint.pass() }
        if Task.isCancelled { throw UpstreamError(.unavailable, "the transfer was cancelled") }
        if script.breaksOffAt == start {
            throw UpstreamError(.unavailable, "the connection broke at byte \(start)")
        }
        let end = min(Int64(bytes.count), stop, script.endsAt ?? .max)
        guard start < end else { return nil }
        let stop = script.stop(after: start, before: min(end, start + Self.blockByteCount))
        var block = Array(bytes[Int(start)..<Int(stop)])
        if let flipped = script.flippedAt, (start..<stop).contains(flipped) {
            block[Int(flipped - start)] ^= 1
        }
        next.withLock { $0 = stop }
        fetcher.didSend(block.count, of: digest)
        return block
    }

    func cancel() {}
}

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
    /// Opened when nobody waits for bytes any more.
    private let idleEnd = Gate()

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
        if let hold = script.hold, hold.offset == start {
            guard try await pass(hold.checkpoint) else { return nil }
        }
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

    /// Waits at a checkpoint; false when the download ends there.
    private func pass(_ checkpoint: Checkpoint) async throws(UpstreamError) -> Bool {
        let outcome = await withTaskGroup(of: Result<Bool, UpstreamError>.self) { group in
            group.addTask {
                do throws(UpstreamError) {
                    try await checkpoint.pass()
                    return .success(true)
                } catch {
                    return .failure(error)
                }
            }
            group.addTask { [idleEnd] in
                await idleEnd.waitUnlessCancelled()
                    ? .success(false) : .failure(UpstreamError(.unavailable, "cancelled"))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .success(true)
        }
        return try outcome.get()
    }

    func cancel() {}

    /// A scripted download is idle where it is held.
    func endWhenIdle() {
        idleEnd.open()
    }
}

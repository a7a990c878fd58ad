/// A download that holds its slot until it ends, and passes no faster than the upstream's
/// bandwidth allows.
final class BudgetedDownload: BlobDownload {
    private let base: any BlobDownload
    private let slot: Slot?
    private let bandwidth: BandwidthLimit?
    private let counters: UpstreamCounters
    private let life: SignOfLife

    init(
        _ base: any BlobDownload, slot: Slot?, bandwidth: BandwidthLimit?,
        counters: UpstreamCounters, life: SignOfLife
    ) {
        self.base = base
        self.slot = slot
        self.bandwidth = bandwidth
        self.counters = counters
        self.life = life
    }

    var totalSize: Int64? { base.totalSize }
    var offset: Int64 { base.offset }
    var validator: String? { base.validator }

    func next() async throws(UpstreamError) -> [UInt8]? {
        let block: [UInt8]?
        do throws(UpstreamError) {
            block = try await base.next()
        } catch {
            life.didEnd(error)
            slot?.giveBack()
            throw error
        }
        guard let block else {
            slot?.giveBack()
            return nil
        }
        counters.didReceive(block.count, of: .blob)
        life.didReceive()
        guard let bandwidth else { return block }
        do throws(CancellationError) {
            // Read anew each time: a client may have come to wait for it.
            try await bandwidth.pass(block.count, as: UpstreamPriority.current)
        } catch {
            cancel()
            throw UpstreamError(.unavailable, "cancelled")
        }
        return block
    }

    func cancel() {
        base.cancel()
        slot?.giveBack()
    }

    func endWhenIdle() {
        base.endWhenIdle()
    }
}

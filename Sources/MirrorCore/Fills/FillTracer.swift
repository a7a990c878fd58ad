internal import Synchronization

/// Keeps the trace of one fill on disk, as seldom as it can.
final class FillTracer: Sendable {
    /// A fill of which less has arrived leaves no trace: it is not worth one.
    private static let leastByteCount: Int64 = 64 << 10
    /// How much may arrive, and how much time pass, before the trace of bytes with gaps is
    /// written anew: that is what a kill loses of them, beside what is in the sockets.
    private static let gapByteCount: Int64 = 256 << 10
    private static let gapInterval = Duration.milliseconds(10)
    /// The same for each byte of a trace that names many ranges, so that it never costs much.
    private static let gapByteCountPerByte: Int64 = 128
    /// How often it is written for the sake of its time.
    private static let interval = Duration.seconds(3600)

    private struct State {
        /// What has arrived since it was last written.
        var byteCount: Int64 = 0
        /// When this process last wrote it.
        var written: WallTime?
        /// Whether it named ranges then.
        var namesRanges = false
        /// How long it was.
        var lineByteCount: Int64 = 0
        /// Ranges that are being fetched by themselves.
        var rangeCount = 0
        /// Whether there may be one on disk.
        var isThere = false

        /// Whether a trace is worth its own bytes.
        var isWorthwhile: Bool { byteCount >= lineByteCount * gapByteCountPerByte }

        func isDue(hasGaps: Bool, at now: WallTime) -> Bool {
            if hasGaps || rangeCount > 0 {
                return byteCount >= gapByteCount && isWorthwhile && hasPassed(gapInterval, at: now)
            }
            guard byteCount >= leastByteCount else { return false }
            return namesRanges || hasPassed(interval, at: now)
        }

        /// Whether it was last written so long ago, as far as can be told.
        private func hasPassed(_ interval: Duration, at now: WallTime) -> Bool {
            guard let written, written <= now else { return true }
            return now - written >= interval
        }
    }

    private let fill: Fill
    private let repository: RepositoryName
    private let context: CacheContext
    private let state = Mutex(State())

    init(_ fill: Fill, for repository: RepositoryName, _ context: CacheContext) {
        self.fill = fill
        self.repository = repository
        self.context = context
    }

    /// The fill goes on with what an earlier process left.
    func didTakeUp() {
        state.withLock { $0.isThere = true }
    }

    /// Bytes have arrived.
    func didReceive(_ count: Int64, into upload: SpillingUpload) async {
        let (hasGaps, isWhole) = fill.read { (!$0.plan.arrived.isPrefix, $0.plan.isWhole) }
        let now = context.time.now
        let isDue = state.withLock { state in
            state.byteCount += count
            guard !isWhole, state.isDue(hasGaps: hasGaps, at: now) else { return false }
            // Others that receive at the same time leave it to this one.
            state.byteCount = 0
            return true
        }
        if isDue { await write(of: upload) }
    }

    /// A range is going to be fetched by itself: from now on what has arrived may have gaps, which
    /// no process must take for content.
    func willFetchRange(into upload: SpillingUpload) async {
        state.withLock { $0.rangeCount += 1 }
        await write(of: upload, unless: \.namesRanges)
    }

    /// It has been fetched, or could not be.
    func didFetchRange(into upload: SpillingUpload) async {
        state.withLock { $0.rangeCount -= 1 }
        await write(of: upload, unless: { !$0.isWorthwhile })
    }

    /// The transfer that goes through the blob has ended.
    func didEndTransfer(into upload: SpillingUpload) async {
        if fill.read({ !$0.plan.arrived.isPrefix }) { await write(of: upload) }
    }

    /// Writes down what has arrived. It never names what is not on disk.
    private func write(
        of upload: SpillingUpload, unless isNeedless: @Sendable (State) -> Bool = { _ in false }
    ) async {
        await context.turns.run(fill.digest) {
            let arrived = fill.read { $0.plan.arrived }
            if upload.isSpilled || state.withLock({ isNeedless($0) }) { return }
            let namesRanges = state.withLock { $0.rangeCount > 0 } || !arrived.isPrefix
            await write(arrived: namesRanges ? arrived : nil)
        }
    }

    /// Says that the blob is stored, and not yet linked for the repository.
    func writeUnlinked() async {
        await write(arrived: nil)
    }

    private func write(arrived: ByteRanges?) async {
        let now = context.time.now
        let trace = FillTrace(repository: repository, since: now, arrived: arrived)
        state.withLock { state in
            state.byteCount = 0
            state.written = now
            state.namesRanges = arrived != nil
            state.lineByteCount = Int64(trace.line.utf8.count)
            state.isThere = true
        }
        do throws(StorageError) {
            try await context.store.add(trace, of: fill.digest)
        } catch {
            // It is tried again before another range is fetched.
            state.withLock { $0.namesRanges = false }
            context.logger.warning(
                "what has arrived of a blob cannot be written down",
                LogField("digest", fill.digest.text), LogField("error", "\(error)"))
        }
    }

    /// Nothing is left that it could be of use for.
    func remove() async {
        let isThere = state.withLock { state in
            defer { state = State(rangeCount: state.rangeCount) }
            return state.isThere
        }
        if isThere { await context.store.removeTrace(of: fill.digest) }
    }
}

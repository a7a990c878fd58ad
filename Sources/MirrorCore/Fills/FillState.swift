/// What is known of a fill, as a value. Phases follow one another in this order; `failed` may
/// follow any but `kept`, and a fill that begins anew is `opening` again.
///
///     opening   nothing is known of the blob yet
///     filling   bytes arrive; all but the last of the blob can be read
///     proved    all bytes are there and have the right digest
///     kept      they are stored for good as well
///     failed    they cannot be had; what was read is not the content
struct FillState {
    enum Phase {
        case opening, filling, proved, kept
        case failed(MirrorError)
    }

    /// Somebody who waits for something to come true of this.
    private struct Waiter {
        /// To take it out by, where it may lose patience.
        var id: UInt64?
        var isReady: @Sendable (borrowing FillState) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    /// As many of the last bytes are not shown before the digest is known to be right, so that
    /// no reader can take wrong content for complete. While the size is not known, any byte may
    /// be the last.
    private static let heldBackByteCount: Int64 = 1

    private(set) var phase = Phase.opening
    var plan = FillPlan()
    /// What the bytes can be read from.
    private(set) var object: (any StoredObject)?
    /// What says that a later transfer is of the same content.
    var validator: String?
    /// How much of it is wanted, at most.
    var demand = FillDemand.ranges
    /// Whether ranges are fetched for those who want them.
    var fetchesRanges = false
    /// How often it has begun anew.
    private(set) var epoch = 0
    /// From where on what was shown in earlier epochs has turned out to be something else.
    private(set) var divergence: Int64?
    private var waiters: [Waiter] = []

    /// Whether all of the blob is wanted, not only ranges of it.
    var wantsWhole: Bool { demand > .ranges }

    /// Whether a client waits for all of it, in order.
    var isReadThrough: Bool { demand == .whole }

    /// Whether a client waits for anything of it.
    var isAwaited: Bool { demand != .unawaited }

    /// Size of the blob, once it is known.
    var total: Int64? { plan.total }

    /// The bytes from `offset` on that can be read end here.
    func readable(from offset: Int64) -> Int64 {
        switch phase {
        case .opening, .failed: offset
        case .filling:
            max(
                offset,
                min(plan.arrived.end(from: offset), (total ?? arrivedEnd) - Self.heldBackByteCount))
        case .proved, .kept: max(offset, total ?? offset)
        }
    }

    /// Whether there are bytes at `offset`, or nothing to wait for.
    func isReadable(at offset: Int64) -> Bool {
        hasEnded || readable(from: offset) > offset
    }

    private var arrivedEnd: Int64 { plan.arrived.ranges.last?.upperBound ?? 0 }

    /// Whether there is nothing more to wait for.
    var hasEnded: Bool {
        switch phase {
        case .opening, .filling: false
        case .proved, .kept, .failed: true
        }
    }

    /// Whether it is known if there will be bytes.
    var isOpen: Bool {
        if case .opening = phase { return false }
        return true
    }

    /// Somebody is going to read `range`.
    mutating func expect(_ range: Range<Int64>, at now: WallTime) {
        if wantsWhole {
            plan.want(range, inBlocksOf: FillPlan.smallBlockByteCount, at: now)
        } else {
            plan.want(range, at: now)
        }
    }

    // MARK: Events

    /// Bytes of a blob of `total` bytes, if that is known, are being written to `object`.
    mutating func didOpen(_ object: any StoredObject, total: Int64?) {
        self.object = object
        if let total { plan.learn(total: total) }
        phase = .filling
    }

    /// Every byte is there, and the digest is right.
    mutating func didProve() {
        phase = .proved
    }

    mutating func didKeep(_ object: any StoredObject) {
        self.object = object
        plan = FillPlan(arrived: ByteRanges(0..<object.size), total: object.size)
        phase = .kept
    }

    mutating func didFail(_ error: MirrorError) {
        phase = .failed(error)
    }

    /// All that arrived is left aside; what takes its place is compared with it.
    mutating func beginAnew() {
        epoch += 1
        plan = FillPlan()
        validator = nil
        phase = .opening
    }

    /// What has arrived at `offset` is not what was shown there before.
    mutating func didDiverge(at offset: Int64) {
        divergence = min(offset, divergence ?? .max)
    }

    // MARK: Waiting

    mutating func wait(
        _ continuation: CheckedContinuation<Void, Never>, as id: UInt64? = nil,
        until isReady: @escaping @Sendable (borrowing FillState) -> Bool
    ) {
        waiters.append(Waiter(id: id, isReady: isReady, continuation: continuation))
    }

    /// Takes out one who waits no longer, unless that was done before.
    mutating func take(_ id: UInt64) -> CheckedContinuation<Void, Never>? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).continuation
    }

    /// Takes out those who need not wait any more.
    mutating func takeReady() -> [CheckedContinuation<Void, Never>] {
        // The usual case costs no allocation: it comes with every block.
        if !waiters.contains(where: { $0.isReady(self) }) { return [] }
        var ready: [CheckedContinuation<Void, Never>] = []
        let all = waiters
        waiters = []
        for waiter in all {
            if waiter.isReady(self) {
                ready.append(waiter.continuation)
            } else {
                waiters.append(waiter)
            }
        }
        return ready
    }
}

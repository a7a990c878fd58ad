/// What is known of a fill, as a value. Phases follow one another in this order; `failed` may
/// follow any but `kept`.
///
///     opening   nothing is known of the blob yet
///     filling   bytes arrive; all but the last of them can be read
///     proved    all bytes are there and have the right digest
///     kept      they are stored for good as well
///     failed    they cannot be had; what was read is not the content
struct FillState {
    enum Phase {
        case opening, filling, proved, kept
        case failed(MirrorError)
    }

    /// Somebody who waits until more than `offset` bytes can be read, or the blob's size is
    /// known when `offset` is negative.
    private struct Waiter {
        var offset: Int64
        var continuation: CheckedContinuation<Void, Never>
    }

    /// As many of the last bytes are not shown before the digest is known to be right, so that
    /// no reader can take wrong content for complete. While the size is not known, any byte may
    /// be the last.
    private static let heldBackByteCount: Int64 = 1

    private(set) var phase = Phase.opening
    private(set) var received: Int64 = 0
    private(set) var total: Int64?
    /// What the bytes can be read from.
    private(set) var object: (any StoredObject)?
    private var waiters: [Waiter] = []

    /// The bytes before this offset can be read.
    var readable: Int64 {
        switch phase {
        case .opening, .failed: 0
        case .filling: max(0, min(received, (total ?? received) - Self.heldBackByteCount))
        case .proved, .kept: received
        }
    }

    // MARK: Events, each with the waiters it wakes

    /// Bytes will be appended to `object`, which has some already.
    mutating func didOpen(_ object: any StoredObject, received: Int64, total: Int64?) {
        self.object = object
        self.received = received
        self.total = total
        phase = .filling
    }

    mutating func didReceive(_ count: Int) {
        received += Int64(count)
    }

    mutating func didProve() {
        total = received
        phase = .proved
    }

    mutating func didKeep(_ object: any StoredObject) {
        self.object = object
        received = object.size
        total = object.size
        phase = .kept
    }

    mutating func didFail(_ error: MirrorError) {
        phase = .failed(error)
    }

    // MARK: Waiting

    /// Whether somebody who needs what lies at `offset` has to wait for it.
    func mustWait(for offset: Int64) -> Bool {
        switch phase {
        case .opening: true
        case .filling: offset >= 0 && offset >= readable
        case .proved, .kept, .failed: false
        }
    }

    mutating func wait(for offset: Int64, _ continuation: CheckedContinuation<Void, Never>) {
        waiters.append(Waiter(offset: offset, continuation: continuation))
    }

    /// Takes out those who need not wait any more.
    mutating func takeReady() -> [CheckedContinuation<Void, Never>] {
        if waiters.isEmpty { return [] }
        var ready: [CheckedContinuation<Void, Never>] = []
        var rest: [Waiter] = []
        for waiter in waiters {
            if mustWait(for: waiter.offset) {
                rest.append(waiter)
            } else {
                ready.append(waiter.continuation)
            }
        }
        waiters = rest
        return ready
    }
}

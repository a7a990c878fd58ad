internal import MirrorSystem

/// A socket that belongs to one loop, and the tasks that wait for it: at most one for reading
/// and one for writing.
///
/// It remembers what the kernel said, so a task only waits after a call that would block.
// Safe: used on its loop's thread only, which `wait` and `becameReady` assert.
@safe final class Channel: ReadinessHandler, TimerEntry, @unchecked Sendable {
    /// What a task can wait for.
    enum Direction {
        case reading, writing
    }

    private enum Outcome {
        case ready, timedOut, aborted
    }

    let loop: EventLoop
    let descriptor: Int32
    private var token: UInt64 = 0
    private var reader: UnsafeContinuation<Outcome, Never>?
    private var writer: UnsafeContinuation<Outcome, Never>?
    private(set) var isReadable = false
    private(set) var isWritable = true
    /// The peer has sent all it will, so a short read is not the last one.
    private(set) var isHungUp = false
    private(set) var isClosed = false
    /// Whether no wait for reading is granted any more.
    private var isImpatient = false

    /// Of the task that waits; 0 while none does.
    private(set) var deadline: UInt64 = 0
    /// Until when the wheel is going to look at this channel by itself.
    private var scheduledUntil: UInt64 = 0

    /// Takes over a descriptor that does not block. Call on the loop.
    init(owning descriptor: Int32, on loop: EventLoop) throws(TransportError) {
        self.loop = loop
        self.descriptor = descriptor
        do {
            token = try loop.register(self, descriptor: descriptor, interest: .connection)
        } catch {
            StreamSocket.close(descriptor)
            isClosed = true
            throw .broken("\(error)")
        }
    }

    deinit {
        assert(isClosed, "a channel is closed before it is dropped")
    }

    /// Notes that the last call in this direction moved all there was.
    func exhaust(_ direction: Direction) {
        switch direction {
        case .reading: isReadable = false
        case .writing: isWritable = false
        }
    }

    /// Waits until the socket may be ready again, at most for `timeout`.
    func wait(for direction: Direction, timeout: Duration) async throws(TransportError) {
        assert(loop.isCurrent)
        if isClosed { throw .aborted }
        if direction == .reading ? isReadable : isWritable { return }
        if direction == .reading, isImpatient { throw .aborted }
        setDeadline(in: timeout)
        // Safe: a continuation is resumed once: whoever resumes it takes it out of its place.
        let outcome = unsafe await withUnsafeContinuation { continuation in
            switch direction {
            case .reading: unsafe reader = continuation
            case .writing: unsafe writer = continuation
            }
        }
        switch outcome {
        case .ready: return
        case .timedOut: throw .timedOut
        case .aborted: throw .aborted
        }
    }

    /// Closes the socket and ends all waiting for it. Closing twice does no harm.
    func close() {
        assert(loop.isCurrent)
        if isClosed { return }
        isClosed = true
        deadline = 0
        loop.unregister(token, descriptor: descriptor)
        StreamSocket.close(descriptor)
        resume(.reading, with: .aborted)
        resume(.writing, with: .aborted)
    }

    /// Ends a wait for reading, if there is one, as a close would, but leaves the socket open.
    func interruptReading() {
        resume(.reading, with: .aborted)
    }

    /// Lets whoever reads, now and from now on, look once more at what is there, and not wait for
    /// more: that ends as a close would end it, but leaves the socket open.
    func becomeImpatient() {
        isImpatient = true
        isReadable = true
        resume(.reading, with: .ready)
    }

    /// Lets readers wait again.
    func becomePatient() {
        isImpatient = false
    }

    func becameReady(_ event: EpollSet.Event) {
        if event.isHungUp { isHungUp = true }
        if event.isReadable {
            isReadable = true
            resume(.reading, with: .ready)
        }
        if event.isWritable {
            isWritable = true
            resume(.writing, with: .ready)
        }
    }

    func timerFired() {
        scheduledUntil = 0
        deadline = 0
        resume(.reading, with: .timedOut)
        resume(.writing, with: .timedOut)
    }

    private func setDeadline(in timeout: Duration) {
        let now = MonotonicClock.nanoseconds
        deadline = now &+ UInt64(max(1, timeout.nanoseconds))
        guard scheduledUntil <= now || deadline < scheduledUntil else { return }
        scheduledUntil = deadline
        loop.schedule(self)
    }

    private func resume(_ direction: Direction, with outcome: Outcome) {
        var waiter: UnsafeContinuation<Outcome, Never>?
        switch direction {
        case .reading: unsafe swap(&waiter, &reader)
        case .writing: unsafe swap(&waiter, &writer)
        }
        if let waiter = unsafe waiter {
            if unsafe reader == nil, unsafe writer == nil { deadline = 0 }
            // Safe: it has just been taken out, so nobody else resumes it.
            unsafe waiter.resume(returning: outcome)
        }
    }
}

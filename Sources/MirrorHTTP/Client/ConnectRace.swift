internal import MirrorSystem

/// Connects to the first of several addresses that answers (RFC 8305, "Happy Eyeballs").
///
/// Attempts start 250 ms apart, or at once when those before have failed, and run side by side;
/// the first to succeed wins and the others are closed. Belongs to its loop.
// Safe: used on its loop's thread only, where the loop calls it back too.
@safe final class ConnectRace: TimerEntry, @unchecked Sendable {
    /// How long an attempt has the field to itself.
    private static let stagger = Duration.milliseconds(250)
    /// How many addresses are tried.
    private static let attemptLimit = 8

    private let loop: EventLoop
    private let deadlineOfAll: Deadline
    private var waiting: ArraySlice<SocketAddress>
    private var attempts: [ConnectAttempt] = []
    private var failures: [String] = []
    private var winner: ConnectAttempt?
    private var waiter: UnsafeContinuation<Void, Never>?
    private(set) var deadline: UInt64 = 0

    private init(_ addresses: [SocketAddress], on loop: EventLoop, deadline: Deadline) {
        self.loop = loop
        waiting = addresses.prefix(Self.attemptLimit)
        deadlineOfAll = deadline
    }

    /// A connected socket, which is the caller's to close, and where it leads. Call on the loop.
    static func connect(
        to addresses: [SocketAddress], on loop: EventLoop, deadline: Deadline
    ) async throws(ClientError) -> (descriptor: Int32, address: SocketAddress) {
        let race = ConnectRace(addresses, on: loop, deadline: deadline)
        return try await race.run()
    }

    private func run() async throws(ClientError) -> (Int32, SocketAddress) {
        defer { abandonLosers() }
        while true {
            collect()
            if let winner { return (winner.takeDescriptor(), winner.address) }
            if Task.isCancelled { throw ClientError(.cancelled, "cancelled connecting") }
            if deadlineOfAll.hasPassed {
                throw ClientError(.timedOut, "timed out connecting to \(names)")
            }
            if let next = waiting.popFirst() { start(next) }
            if attempts.isEmpty {
                if !waiting.isEmpty { continue }
                throw ClientError(.unreachable, failures.joined(separator: "; "))
            }
            await pause(until: waiting.isEmpty ? deadlineOfAll : deadlineOfAll.within(Self.stagger))
        }
    }

    /// Takes in what has been decided since the last look.
    private func collect() {
        for attempt in attempts where attempt.isDecided {
            if let failure = attempt.failure {
                failures.append("connecting to \(attempt.address): \(failure)")
                attempt.close()
            } else if winner == nil {
                winner = attempt
            }
        }
        attempts.removeAll { $0.failure != nil }
    }

    private func start(_ address: SocketAddress) {
        do throws(SystemError) {
            attempts.append(try ConnectAttempt(to: address, on: loop) { [unowned self] in wake() })
        } catch {
            failures.append("connecting to \(address): \(error)")
        }
    }

    private var names: String {
        attempts.map { "\($0.address)" }.joined(separator: ", ")
    }

    private func pause(until moment: Deadline) async {
        deadline = MonotonicClock.nanoseconds &+ UInt64(max(1, moment.remaining.nanoseconds))
        loop.schedule(self)
        let loop = loop
        await withTaskCancellationHandler {
            // Safe: whoever resumes the continuation takes it out of its place.
            unsafe await withUnsafeContinuation { continuation in
                if Task.isCancelled {
                    unsafe continuation.resume()
                } else {
                    unsafe waiter = continuation
                }
            }
        } onCancel: {
            loop.execute { self.wake() }
        }
        deadline = 0
    }

    private func wake() {
        var waiter: UnsafeContinuation<Void, Never>?
        unsafe swap(&waiter, &self.waiter)
        // Safe: it has just been taken out, so nobody else resumes it.
        unsafe waiter?.resume()
    }

    func timerFired() {
        deadline = 0
        wake()
    }

    private func abandonLosers() {
        for attempt in attempts { attempt.close() }
        attempts = []
    }
}

/// One attempt to connect.
// Safe: used on its loop's thread only, where the loop calls it back too.
private final class ConnectAttempt: ReadinessHandler, @unchecked Sendable {
    let address: SocketAddress
    private(set) var isDecided = false
    private(set) var failure: SystemError?
    private let loop: EventLoop
    private let descriptor: Int32
    private var token: UInt64?
    private var isOwner = true
    private let didDecide: () -> Void

    init(
        to address: SocketAddress, on loop: EventLoop, didDecide: @escaping () -> Void
    ) throws(SystemError) {
        self.address = address
        self.loop = loop
        self.didDecide = didDecide
        descriptor = try StreamSocket.connecting(to: address)
        do throws(SystemError) {
            token = try loop.register(self, descriptor: descriptor, interest: .connection)
        } catch {
            StreamSocket.close(descriptor)
            isOwner = false
            throw error
        }
    }

    func becameReady(_ event: EpollSet.Event) {
        guard !isDecided, event.isWritable || event.isHungUp else { return }
        isDecided = true
        let number = StreamSocket.pendingError(descriptor)
        if number != 0 { failure = SystemError("connect", number: number) }
        didDecide()
    }

    /// Hands the socket over, unwatched.
    func takeDescriptor() -> Int32 {
        unwatch()
        isOwner = false
        return descriptor
    }

    func close() {
        unwatch()
        if isOwner { StreamSocket.close(descriptor) }
        isOwner = false
    }

    private func unwatch() {
        if let token { loop.unregister(token, descriptor: descriptor) }
        token = nil
    }
}

internal import MirrorSystem

/// The body of a response, read block by block: whoever has room asks for more, and the server
/// is held back until then.
///
/// It belongs to the event loop of its connection; from elsewhere each call hops there and back.
/// One task reads at a time. At its end the connection serves other requests; a body that is
/// dropped before is cancelled.
/// Safe: what can change is touched on the connection's loop only.
public final class ResponseBody: @unchecked Sendable {
    private let loop: EventLoop
    private let pool: ConnectionPool
    private let limits: ClientLimits
    private let timeouts: ClientTimeouts
    private let activity: String
    private let isConnectionReusable: Bool
    private var connection: ClientConnection?
    private var reader: BodyReader
    private var pace: BodyPace
    private var endsWhenIdle = false

    /// How many bytes the body has, where the head says so.
    public let statedLength: Int64?

    init(
        _ head: ResponseHead, to method: HTTPMethod, over connection: ClientConnection,
        of pool: ConnectionPool, limits: ClientLimits, timeouts: ClientTimeouts, activity: String
    ) throws(HeadError) {
        let framing = try BodyFraming(response: head, to: method)
        statedLength =
            switch framing {
            case .none: 0
            case .length(let length): length
            case .chunked, .untilClose: nil
            }
        reader = BodyReader(framing)
        isConnectionReusable = head.keepsAlive && framing != .untilClose
        loop = pool.loop
        self.connection = connection
        self.pool = pool
        self.limits = limits
        self.timeouts = timeouts
        pace = BodyPace(timeouts.bodyCrawl)
        self.activity = activity
        if reader.isDone { release() }
    }

    deinit {
        guard let connection else { return }
        let pool = pool
        loop.execute { pool.discard(connection) }
    }

    /// The next bytes, never empty; nil at the end.
    ///
    /// - Throws: where the server is silent or slow for too long, the connection breaks, or the
    ///   body ends before its stated end.
    public func next() async throws(ClientError) -> [UInt8]? {
        try await loop.run { () throws(ClientError) in try await self.nextOnLoop() }
    }

    /// Waits until something of the body has come, or its end.
    func begin(within time: Duration) async throws(ClientError) {
        try await loop.run { () throws(ClientError) in try await self.beginOnLoop(within: time) }
    }

    /// The rest of the body; nil when it is longer than `limit` bytes. Ends the body either way.
    public func collect(limit: Int) async throws(ClientError) -> [UInt8]? {
        try await loop.run { () throws(ClientError) in
            if let length = self.statedLength, length > Int64(limit) {
                self.cancelOnLoop()
                return nil
            }
            var bytes: [UInt8] = []
            while let block = try await self.nextOnLoop() {
                guard bytes.count + block.count <= limit else {
                    self.cancelOnLoop()
                    return nil
                }
                if bytes.isEmpty { bytes = block } else { bytes += block }
            }
            return bytes
        }
    }

    /// Reads a short body to its end, so that its connection can be used again; ends a long one.
    func skip() async {
        do {
            _ = try await collect(limit: 16 << 10)
        } catch {
            cancel()
        }
    }

    /// Ends the body and closes its connection, unless it has ended already. A task that waits
    /// for bytes is told that it was cancelled.
    public func cancel() {
        loop.execute { self.cancelOnLoop() }
    }

    /// Ends the body, and closes its connection, as soon as nothing of it is there to be read:
    /// ``next()`` gives what has come until then, and nil. A task that waits for more waits no
    /// longer.
    func endWhenIdle() {
        loop.execute {
            self.endsWhenIdle = true
            self.connection?.stream.channel.becomeImpatient()
        }
    }

    private func nextOnLoop() async throws(ClientError) -> [UInt8]? {
        if reader.isDone { return nil }
        guard let connection else { throw ClientError(.cancelled, "cancelled \(activity)") }
        let start = MonotonicClock.nanoseconds
        let outcome = await withTaskCancellationHandler {
            do throws(BodyError) {
                return Result<[UInt8]?, BodyError>.success(try await receive(over: connection))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            cancel()
        }
        let wait = Duration.nanoseconds(Int64(clamping: MonotonicClock.nanoseconds &- start))
        switch outcome {
        case .success(let block):
            pace.didReceive(block?.count ?? 0, after: wait)
            if reader.isDone { release() }
            return block
        case .failure(let error):
            let isSlow = error == .transport(.timedOut) && wait < timeouts.bodySilence
            let isIdle = endsWhenIdle && error == .transport(.aborted) && self.connection != nil
            cancelOnLoop()
            if isIdle { return nil }
            if isSlow { throw tooSlow }
            throw ClientError(error, while: activity)
        }
    }

    /// The next bytes, if they come soon enough.
    private func receive(over connection: ClientConnection) async throws(BodyError) -> [UInt8]? {
        // What came since it was last looked for counts as well.
        if endsWhenIdle { connection.stream.channel.becomeImpatient() }
        let remaining = pace.remaining ?? timeouts.bodySilence
        if remaining == .zero { throw .transport(.timedOut) }
        return try await reader.next(
            from: connection.stream, &connection.input, limit: limits.blockByteLimit,
            timeout: min(remaining, timeouts.bodySilence))
    }

    private var tooSlow: ClientError {
        ClientError(
            .timedOut,
            "\(activity): fewer than \(BodyPace.byteCount) bytes came in \(timeouts.bodyCrawl)")
    }

    private func beginOnLoop(within time: Duration) async throws(ClientError) {
        guard let connection, connection.input.isEmpty else { return }
        let outcome = await withTaskCancellationHandler {
            do throws(TransportError) {
                _ = try await connection.input.receive(
                    from: connection.stream, timeout: min(time, timeouts.bodySilence))
                return Result<Void, TransportError>.success(())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            cancel()
        }
        guard case .failure(let error) = outcome else { return }
        cancelOnLoop()
        throw ClientError(error, while: activity)
    }

    private func cancelOnLoop() {
        guard let connection else { return }
        self.connection = nil
        // The server learns at once that nobody receives any more, and not by what it sends.
        connection.stream.breakOff()
        pool.discard(connection)
    }

    private func release() {
        guard let connection else { return }
        self.connection = nil
        connection.stream.channel.becomePatient()
        if isConnectionReusable, connection.input.isEmpty {
            pool.giveBack(connection)
        } else {
            pool.discard(connection)
        }
    }
}

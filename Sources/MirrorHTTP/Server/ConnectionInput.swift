/// The receiving side of a server's connection: heads and bodies of requests in their turn.
// Safe: used on the connection's loop only, which its channel asserts.
final class ConnectionInput: @unchecked Sendable {
    private let stream: ByteStream
    private let limits: ServerLimits
    private var buffer = InputBuffer()
    private let clock = ContinuousClock()
    /// Bytes of the head that was last given.
    private(set) var headByteCount = 0

    init(_ stream: ByteStream, limits: ServerLimits) {
        self.stream = stream
        self.limits = limits
    }

    /// Whether bytes of a further request are here already.
    var hasMore: Bool { !buffer.isEmpty }

    /// The next request's head, if all of it has been received.
    func bufferedHead() throws(HeadError) -> RequestHead? {
        if buffer.isEmpty { return nil }
        let parser = HeadParser(limits: limits.head, allowsBareLineFeed: false)
        guard
            let (head, count) = try buffer.withBytes({ bytes throws(HeadError) in
                try parser.request(bytes)
            })
        else { return nil }
        buffer.consume(count)
        headByteCount = count
        return head
    }

    /// Waits for more of a head; false at the client's end. The time for a head counts from its
    /// first byte, however slowly the rest drips in.
    func receiveHeadBytes(since start: inout ContinuousClock.Instant?) async throws(TransportError)
        -> Bool
    {
        var timeout = limits.idleTimeout
        if !buffer.isEmpty {
            let first = start ?? clock.now
            start = first
            timeout = limits.headTimeout - (clock.now - first)
            guard timeout > .zero else { throw .timedOut }
        }
        return try await buffer.receive(from: stream, timeout: timeout) > 0
    }

    /// The next bytes of a body.
    func next(of reader: inout BodyReader) async throws(BodyError) -> [UInt8]? {
        try await reader.next(
            from: stream, &buffer, limit: 64 << 10, timeout: limits.silenceTimeout)
    }

    /// Reads and drops what the client still sends, until it ends or falls silent, and not for
    /// long: closing a socket with unread bytes would take back the answer on its way.
    func drainAfterEnd() async {
        buffer = InputBuffer()
        let deadline = clock.now + limits.lingerTimeout
        while clock.now < deadline {
            let pause = min(limits.lingerPause, deadline - clock.now)
            guard let block = try? await stream.receive(limit: 64 << 10, timeout: pause),
                !block.isEmpty
            else { return }
        }
    }
}

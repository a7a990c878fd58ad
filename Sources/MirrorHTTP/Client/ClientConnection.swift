internal import MirrorSystem

/// One connection to an origin, or to a proxy that leads there, used by one request at a time.
/// Belongs to its loop.
// Safe: used on its stream's loop only, which the stream's channel asserts.
final class ClientConnection: @unchecked Sendable {
    let number: PoolState.Connection
    let key: PoolKey
    let stream: ByteStream
    /// Where it leads; nil when only a proxy knows.
    let peer: AddressClass?
    var input = InputBuffer()
    /// The number of the latest exchange; 0 before the first.
    private(set) var exchange = 0
    private var isExchanging = false

    init(
        number: PoolState.Connection, key: PoolKey, stream: ByteStream, peer: AddressClass?
    ) {
        self.number = number
        self.key = key
        self.stream = stream
        self.peer = peer
    }

    var loop: EventLoop { stream.channel.loop }

    /// Why an exchange brought no response.
    struct Failure: Error {
        let error: ClientError
        /// Whether the connection had served before and ended without a byte of an answer: the
        /// server may have closed it just when the request was sent.
        let isStale: Bool
    }

    /// Sends a request and receives the head of the response.
    /// Interim responses are skipped (RFC 9110 section 15.2).
    func exchange(
        _ request: [UInt8], _ parser: HeadParser, deadline: Deadline, activity: String
    ) async throws(Failure) -> ResponseHead {
        let isReused = exchange > 0
        exchange += 1
        isExchanging = true
        defer { isExchanging = false }
        var hasInput = false
        do throws(ClientError) {
            try await transporting(activity) { () async throws(TransportError) in
                try await stream.send(request, timeout: deadline.remaining)
            }
            while true {
                if let head = try finalHead(parser, activity) { return head }
                try await receive(deadline, activity)
                hasInput = true
            }
        } catch {
            throw Failure(
                error: error, isStale: isReused && !hasInput && error.code == .broken)
        }
    }

    /// The final head among the bytes received; nil when it is not whole yet.
    private func finalHead(
        _ parser: HeadParser, _ activity: String
    ) throws(ClientError) -> ResponseHead? {
        while true {
            do throws(HeadError) {
                let found = try input.withBytes { bytes throws(HeadError) in
                    try parser.response(bytes)
                }
                guard let found else { return nil }
                input.consume(found.count)
                let code = found.head.status.code
                if code >= 200 { return found.head }
                if code == 101 { throw HeadError("another protocol was not asked for") }
            } catch {
                throw ClientError(.malformed, "\(activity): the response is not HTTP: \(error)")
            }
        }
    }

    private func receive(_ deadline: Deadline, _ activity: String) async throws(ClientError) {
        try await transporting(activity) { () async throws(TransportError) in
            if deadline.hasPassed { throw .timedOut }
            if try await input.receive(from: stream, timeout: deadline.remaining) == 0 {
                throw .broken("the server closed the connection")
            }
        }
    }

    private func transporting(
        _ activity: String, _ work: () async throws(TransportError) -> Void
    ) async throws(ClientError) {
        do throws(TransportError) {
            try await work()
        } catch {
            throw ClientError(error, while: activity)
        }
    }

    /// Whether an idle connection can still be used: nothing may have come over it meanwhile,
    /// neither its end nor bytes that nobody asked for.
    var isQuiet: Bool {
        guard input.isEmpty, !stream.channel.isClosed else { return false }
        var byte: [UInt8] = [0]
        do throws(TransportError) {
            return try stream.receiveNow(into: &byte, from: 0) == nil
        } catch {
            return false
        }
    }

    /// Breaks an exchange off, unless it has come to its end: the connection may be at somebody
    /// else's service by now.
    func abort(_ exchange: Int) {
        if isExchanging, self.exchange == exchange { close() }
    }

    func close() {
        stream.close()
    }
}

/// The body of the request that a server's connection is at.
// Safe: used on the connection's loop only, which its channel asserts.
final class IncomingBody: RequestBody, @unchecked Sendable {
    private let input: ConnectionInput
    private let stream: ByteStream
    private let limits: ServerLimits
    private var reader: BodyReader
    private let framing: BodyFraming
    /// The client waits for leave to send the body (RFC 9110 section 10.1.1).
    private var awaitsContinue: Bool

    init(
        _ framing: BodyFraming, awaitsContinue: Bool, from input: ConnectionInput,
        stream: ByteStream, limits: ServerLimits
    ) {
        self.framing = framing
        self.awaitsContinue = awaitsContinue
        self.input = input
        self.stream = stream
        self.limits = limits
        reader = BodyReader(framing)
    }

    func next() async throws(TransportError) -> [UInt8]? {
        if awaitsContinue {
            awaitsContinue = false
            try await stream.send(
                Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), timeout: limits.silenceTimeout)
        }
        do throws(BodyError) {
            return try await input.next(of: &reader)
        } catch {
            throw .broken("\(error)")
        }
    }

    /// Reads what is left so that the next request can be found; false when that is too much,
    /// or may never come.
    func skipRest() async -> Bool {
        if reader.isDone { return true }
        if awaitsContinue { return false }
        if case .length(let length) = framing,
            length - reader.received > limits.unwantedBodyByteLimit
        {
            return false
        }
        let start = reader.received
        while reader.received - start <= limits.unwantedBodyByteLimit {
            guard let block = try? await input.next(of: &reader) else { break }
            if block.isEmpty { break }
        }
        return reader.isDone
    }
}

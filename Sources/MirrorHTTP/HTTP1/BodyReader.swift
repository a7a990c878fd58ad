/// Why a message's body could not be read to its end.
enum BodyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The connection failed.
    case transport(TransportError)
    /// The bytes are not a body of the stated framing.
    case malformed(HeadError)
    /// The peer ended before the body did.
    case cutShort(received: Int64, expected: Int64?)

    var description: String {
        switch self {
        case .transport(let error): error.description
        case .malformed(let error): error.description
        case .cutShort(let received, let expected?):
            "the body ended after \(received) of \(expected) bytes"
        case .cutShort(let received, nil): "the body ended in a chunk after \(received) bytes"
        }
    }
}

/// Reads one message's body, block by block. Its user holds the input buffer of the connection.
struct BodyReader: Sendable {
    private let framing: BodyFraming
    private var decoder = ChunkedDecoder()
    private(set) var received: Int64 = 0
    /// Whether the whole body has been read.
    private(set) var isDone: Bool

    init(_ framing: BodyFraming) {
        self.framing = framing
        isDone = framing == .none
    }

    /// The next bytes of the body, at most `limit`; nil at its end. Waits for the first of them
    /// at most `timeout`, and takes what else is there without waiting.
    mutating func next(
        from stream: ByteStream, _ input: inout InputBuffer, limit: Int, timeout: Duration
    ) async throws(BodyError) -> [UInt8]? {
        if isDone { return nil }
        let content: [UInt8]
        switch framing {
        case .none: return nil
        case .chunked: content = try await chunk(from: stream, &input, limit, timeout)
        case .length(let length):
            let wanted = Int(min(Int64(limit), length - received))
            content = try await block(from: stream, &input, wanted, timeout)
            if content.isEmpty { throw .cutShort(received: received, expected: length) }
            isDone = received == length
        case .untilClose:
            content = try await block(from: stream, &input, limit, timeout)
            isDone = content.isEmpty
        }
        return content.isEmpty ? nil : content
    }

    /// Bytes that need no decoding; empty where the connection ended.
    private mutating func block(
        from stream: ByteStream, _ input: inout InputBuffer, _ limit: Int, _ timeout: Duration
    ) async throws(BodyError) -> [UInt8] {
        var block = input.take(limit)
        if block.isEmpty {
            do throws(TransportError) {
                block = try await stream.receive(limit: limit, timeout: timeout)
            } catch {
                throw .transport(error)
            }
        }
        received += Int64(block.count)
        return block
    }

    /// The content of chunks that is there; empty at the end of the body.
    private mutating func chunk(
        from stream: ByteStream, _ input: inout InputBuffer, _ limit: Int, _ timeout: Duration
    ) async throws(BodyError) -> [UInt8] {
        var content: [UInt8] = []
        // What stands between chunks is no content: it does not make the wait longer.
        let deadline = Deadline(in: timeout)
        while true {
            do throws(HeadError) {
                try decode(&input, into: &content, limit: limit)
            } catch {
                throw .malformed(error)
            }
            if decoder.isDone { isDone = true }
            if isDone || !content.isEmpty {
                received += Int64(content.count)
                return content
            }
            if try await receive(from: stream, &input, deadline) == 0 {
                throw .cutShort(received: received, expected: nil)
            }
        }
    }

    private func receive(
        from stream: ByteStream, _ input: inout InputBuffer, _ deadline: Deadline
    ) async throws(BodyError) -> Int {
        do throws(TransportError) {
            if deadline.hasPassed { throw .timedOut }
            return try await input.receive(from: stream, timeout: deadline.remaining)
        } catch {
            throw .transport(error)
        }
    }

    private mutating func decode(
        _ input: inout InputBuffer, into content: inout [UInt8], limit: Int
    ) throws(HeadError) {
        while !input.isEmpty, !decoder.isDone, content.count < limit {
            let (found, end) = try input.withBytes { bytes throws(HeadError) in
                try decoder.next(bytes, in: 0..<min(bytes.count, limit - content.count))
            }
            input.copy(found, to: &content)
            input.consume(end)
        }
    }
}

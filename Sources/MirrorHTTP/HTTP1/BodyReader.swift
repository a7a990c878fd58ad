internal import MirrorSystem

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
        do throws(TransportError) {
            switch framing {
            case .none: return nil
            case .length(let length):
                return try await sized(length, from: stream, &input, limit, timeout)
            case .untilClose: return try await unsized(from: stream, &input, limit, timeout)
            case .chunked: break
            }
        } catch {
            throw .transport(error)
        }
        guard let content = try await chunk(from: stream, &input, limit, timeout) else {
            throw .cutShort(received: received, expected: nil)
        }
        return content.isEmpty ? nil : content
    }

    private mutating func sized(
        _ length: Int64, from stream: ByteStream, _ input: inout InputBuffer, _ limit: Int,
        _ timeout: Duration
    ) async throws(TransportError) -> [UInt8]? {
        let wanted = Int(min(Int64(limit), length - received))
        let bytes =
            input.isEmpty
            ? try await stream.receive(limit: wanted, timeout: timeout) : input.take(wanted)
        received += Int64(bytes.count)
        isDone = received == length
        if bytes.isEmpty {
            throw .broken("the body ended after \(received) of \(length) bytes")
        }
        return bytes
    }

    private mutating func unsized(
        from stream: ByteStream, _ input: inout InputBuffer, _ limit: Int, _ timeout: Duration
    ) async throws(TransportError) -> [UInt8]? {
        let bytes =
            input.isEmpty
            ? try await stream.receive(limit: limit, timeout: timeout) : input.take(limit)
        received += Int64(bytes.count)
        isDone = bytes.isEmpty
        return isDone ? nil : bytes
    }

    /// The content of chunks that is there; empty at the end of the body, nil where the
    /// connection ended before it.
    private mutating func chunk(
        from stream: ByteStream, _ input: inout InputBuffer, _ limit: Int, _ timeout: Duration
    ) async throws(BodyError) -> [UInt8]? {
        var content: [UInt8] = []
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
            do throws(TransportError) {
                if try await input.receive(from: stream, timeout: timeout) == 0 { return nil }
            } catch {
                throw .transport(error)
            }
        }
    }

    private mutating func decode(
        _ input: inout InputBuffer, into content: inout [UInt8], limit: Int
    ) throws(HeadError) {
        while !input.isEmpty, !decoder.isDone, content.count < limit {
            let count = try input.withBytes { bytes throws(HeadError) in
                let window = 0..<min(bytes.count, limit - content.count)
                let (found, end) = try decoder.next(bytes, in: window)
                for index in found { content.append(bytes[index]) }
                return end
            }
            input.consume(count)
        }
    }
}

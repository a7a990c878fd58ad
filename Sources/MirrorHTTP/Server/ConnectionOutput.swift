internal import MirrorCore

/// The sending side of a server's connection. Small answers to requests that came together
/// leave together.
// Safe: used on the connection's loop only, which its channel asserts.
final class ConnectionOutput: @unchecked Sendable {
    /// Bytes that wait at most before they are sent.
    private static let waitingByteLimit = 32 << 10
    /// How much of some content is asked for at a time, in bytes.
    private static let pieceByteLimit: Int64 = 4 << 20

    private let stream: ByteStream
    private let timeout: Duration
    private var waiting: [UInt8] = []
    /// Bytes of the body that the last answer has sent.
    private(set) var bodyByteCount: Int64 = 0

    init(_ stream: ByteStream, timeout: Duration) {
        self.stream = stream
        self.timeout = timeout
    }

    /// Whether there are bytes for ``flush()`` to send.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Sends what waits.
    func flush() async throws(TransportError) {
        if waiting.isEmpty { return }
        let bytes = waiting
        waiting = []
        try await stream.send(bytes, timeout: timeout)
    }

    /// Sends an answer, or keeps it until ``flush()`` when it is small.
    ///
    /// - Throws: also when the content turns out not to be what it should; the client can tell,
    ///   since the body has not come to its end.
    func send(
        _ response: Response, framedBy framing: BodyFraming, to head: RequestHead, isLast: Bool,
        dateLine: [UInt8]
    ) async throws(SendError) {
        bodyByteCount = 0
        HeadEncoder.append(
            response, to: head.version, dateLine: dateLine, isLast: isLast, framing: framing,
            to: &waiting)
        if head.method != .head, framing != .none {
            try await sendBody(response.body, framing)
        }
        if waiting.count > Self.waitingByteLimit {
            do { try await flush() } catch { throw .transport(error) }
        }
    }

    private func sendBody(
        _ body: ResponseContent, _ framing: BodyFraming
    ) async throws(SendError) {
        switch body {
        case .omitted: return
        case .bytes(let bytes): try await sendBytes(bytes)
        case .content(let source, let range?):
            try await sendContent(
                source, from: range.lowerBound, to: range.upperBound, isChunked: false)
        case .content(let source, nil):
            var end: Int64?
            if case .length(let length) = framing { end = length }
            try await sendContent(source, from: 0, to: end, isChunked: framing == .chunked)
        case .parts(let parts):
            for part in parts {
                switch part {
                case .bytes(let bytes): try await sendBytes(bytes)
                case .content(let source, let range):
                    try await sendContent(
                        source, from: range.lowerBound, to: range.upperBound, isChunked: false)
                }
            }
        }
    }

    private func sendBytes(_ bytes: [UInt8]) async throws(SendError) {
        bodyByteCount += Int64(bytes.count)
        if bytes.count <= Self.waitingByteLimit {
            waiting.append(contentsOf: bytes)
            return
        }
        do throws(TransportError) {
            try await flush()
            try await stream.send(bytes, timeout: timeout)
        } catch {
            throw .transport(error)
        }
    }

    /// Sends content up to `end`, or to its own end when that is nil.
    private func sendContent(
        _ source: any ContentSource, from start: Int64, to end: Int64?, isChunked: Bool
    ) async throws(SendError) {
        var offset = start
        while offset < end ?? .max {
            let limit = min(Self.pieceByteLimit, (end ?? .max) - offset)
            guard let piece = try await nextPiece(of: source, at: offset, limit) else { break }
            let range = offset..<offset + piece.count
            offset = range.upperBound
            bodyByteCount += piece.count
            do throws(TransportError) {
                try await send(piece, isChunked: isChunked, hasMore: offset < end ?? .max)
            } catch {
                guard case .unreadable(let reason) = error else { throw .transport(error) }
                await source.didFail(toSend: range)
                throw .content(reason)
            }
        }
        if let end, offset < end { throw .content("it ended after \(offset) of \(end) bytes") }
        if isChunked { waiting.append(contentsOf: "0\r\n\r\n".utf8) }
    }

    /// What waits to be sent does not wait for content that has yet to arrive: a client that is
    /// far ahead of it turns away when it sees no head in time.
    private func nextPiece(
        of source: any ContentSource, at offset: Int64, _ limit: Int64
    ) async throws(SendError) -> ContentPiece? {
        if hasWaiting, !source.isReady(at: offset) {
            do { try await flush() } catch { throw .transport(error) }
        }
        do throws(MirrorError) {
            return try await source.piece(at: offset, limit: limit)
        } catch {
            throw .content(error.reason)
        }
    }

    private func send(
        _ piece: ContentPiece, isChunked: Bool, hasMore: Bool
    ) async throws(TransportError) {
        if isChunked { waiting.append(contentsOf: "\(String(piece.count, radix: 16))\r\n".utf8) }
        switch piece {
        case .bytes(let bytes):
            waiting.append(contentsOf: bytes)
            if isChunked { waiting.append(contentsOf: "\r\n".utf8) }
            if hasMore { try await flush() }
        case .region(let region):
            let head = waiting
            waiting = []
            try await stream.send(head, then: region, timeout: timeout)
            if isChunked { waiting.append(contentsOf: "\r\n".utf8) }
        }
    }
}

/// Why an answer did not get to its end.
enum SendError: Error, CustomStringConvertible {
    /// The connection failed.
    case transport(TransportError)
    /// The content failed.
    case content(String)

    var description: String {
        switch self {
        case .transport(let error): "the client's connection: \(error)"
        case .content(let reason): "the content: \(reason)"
        }
    }
}

import MirrorSystem

/// A client that sends exactly the bytes it is told to and shows exactly those it gets.
final class RawClient: WireClient {
    /// How a connection came to its end.
    enum End: Hashable {
        case closed
        case reset
    }

    /// Of its own, so that clients that wait never hold up what they wait for.
    private static let threads = BlockingPool(threadLimit: 256)

    private let socket: BlockingSocket

    convenience init(host: String) async throws {
        let parts = host.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]),
            let address = SocketAddress(host: String(parts[0]), port: port)
        else { throw SystemError("connect", number: 22) }
        try await self.init(to: address)
    }

    init(to address: SocketAddress) async throws {
        socket = try await Self.threads.run {
            try BlockingSocket.connected(to: address)
        }
    }

    /// Sends a request without body; a blank line is put behind its lines.
    func request(_ line: String, _ fields: String...) async throws {
        let head = (["\(line) HTTP/1.1", "Host: upstream.test"] + fields + ["", ""])
        try await send(head.joined(separator: "\r\n"))
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await Self.threads.run { [socket] () throws(SystemError) in
            var sent = 0
            while sent < bytes.count { sent = try socket.send(bytes, from: sent) }
        }
    }

    /// Receives exactly `count` bytes, fewer where the connection ends.
    func receive(_ count: Int) async throws -> [UInt8] {
        try await Self.threads.run { [socket] () throws(SystemError) in
            var received: [UInt8] = []
            while received.count < count {
                let more = try socket.receive(limit: count - received.count)
                if more.isEmpty { break }
                received += more
            }
            return received
        }
    }

    /// Receives until the connection ends.
    func receiveAll() async -> (bytes: [UInt8], end: End) {
        await Self.threads.run { [socket] in
            var received: [UInt8] = []
            while true {
                guard let more = try? socket.receive(limit: 64 << 10) else {
                    return (received, .reset)
                }
                if more.isEmpty { return (received, .closed) }
                received += more
            }
        }
    }

    /// Receives what is there, up to `limit` bytes; waits for the first of them.
    func receiveSome(limit: Int = 64 << 10) async throws -> [UInt8] {
        try await Self.threads.run { [socket] () throws(SystemError) in
            try socket.receive(limit: limit)
        }
    }

    /// Says that it has sent all it will.
    func endSending() {
        socket.endSending()
    }

    /// Goes away.
    func close() {
        socket.end()
    }
}

/// A client that speaks HTTP over whatever carries its bytes.
protocol WireClient: Sendable {
    /// Sends the text as it is.
    func send(_ text: String) async throws
    /// Receives exactly `count` bytes, fewer where the connection ends.
    func receive(_ count: Int) async throws -> [UInt8]
}

extension WireClient {
    /// Receives a head with the empty line behind it, as text.
    func receiveHead(endingIn end: String = "\r\n\r\n") async throws -> String {
        var head = ""
        while !head.hasSuffix(end) {
            let byte = try await receive(1)
            if byte.isEmpty { break }
            head.unicodeScalars.append(Unicode.Scalar(byte[0]))
        }
        return head
    }
}

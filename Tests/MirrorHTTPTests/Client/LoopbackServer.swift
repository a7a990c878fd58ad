import MirrorSystem
import Synchronization

@testable import MirrorHTTP

/// A server on the loopback address that answers what a test tells it to.
final class LoopbackServer: Sendable {
    /// What is sent for one request.
    struct Answer: Sendable {
        var bytes: [UInt8]
        /// Whether the connection is closed afterwards.
        var closes = false
        /// Whether nothing more is sent and the connection is left open.
        var stalls = false
        /// Whether the connection ends under TLS, without its goodbye.
        var breaks = false
        /// What the connection is secured by from then on, as at the end of a tunnel.
        var secures: TLSContext?

        /// Bytes as they are.
        static func raw(_ text: String, closes: Bool = false) -> Answer {
            Answer(bytes: Array(text.utf8), closes: closes)
        }

        /// A response with `Content-Length`.
        static func response(
            _ status: String, _ fields: [String] = [], body: String = "", isHead: Bool = false
        ) -> Answer {
            let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)"]
            return .raw(head.joined(separator: "\r\n") + "\r\n\r\n" + (isHead ? "" : body))
        }
    }

    /// A request, and which connection of the server it came over.
    struct Received: Sendable {
        let head: RequestHead
        let connection: Int
        /// The body, as far as `Content-Length` tells.
        var body: [UInt8] = []

        var line: String { "\(head.method) \(head.target)" }
        func field(_ name: HTTPFieldName) -> String? { head.fields[name] }
    }

    private let listener: ListeningSocket
    private let tls: TLSContext?
    private let resumptions = Atomic<Int>(0)
    private let state = Mutex(State())
    private let answer: @Sendable (Received) async -> Answer

    private struct State {
        var received: [Received] = []
        var connectionCount = 0
    }

    var resumptionCount: Int { resumptions.load(ordering: .relaxed) }
    var port: UInt16 { listener.address.port }
    var received: [Received] { state.withLock { $0.received } }
    var lines: [String] { received.map(\.line) }
    var connectionCount: Int { state.withLock { $0.connectionCount } }

    init(
        on group: EventLoopGroup, host: String = "127.0.0.1", tls: TLSContext? = nil,
        _ answer: @escaping @Sendable (Received) async -> Answer
    ) async throws {
        guard let address = SocketAddress(host: host, port: 0) else { throw NoAddress() }
        listener = try ListeningSocket(address)
        self.answer = answer
        self.tls = tls
        let loop = group.loops[0]
        let acceptor = Acceptor(server: self, loop: loop)
        let descriptor = listener.descriptor
        try await loop.run { () throws(SystemError) in
            _ = try loop.register(acceptor, descriptor: descriptor, interest: .listener)
        }
    }

    struct NoAddress: Error {}

    func url(_ target: String = "/", host: String? = nil) -> HTTPURL {
        let origin = HTTPOrigin(
            scheme: tls == nil ? .http : .https, host: host ?? listener.address.host, port: port)
        guard let url = HTTPURL(origin: origin, target: target) else {
            preconditionFailure("not a target: \(target)")
        }
        return url
    }

    /// Takes connections as they come. The listener stays until the process ends.
    private final class Acceptor: ReadinessHandler {
        let server: LoopbackServer
        let loop: EventLoop

        init(server: LoopbackServer, loop: EventLoop) {
            self.server = server
            self.loop = loop
        }

        func becameReady(_ event: EpollSet.Event) {
            while let (descriptor, _) = try? server.listener.accept() {
                let number = server.state.withLock { state in
                    state.connectionCount += 1
                    return state.connectionCount
                }
                Task(executorPreference: loop) { [server, loop] in
                    try? await server.serve(descriptor, number, on: loop)
                }
            }
        }
    }

    private func serve(_ descriptor: Int32, _ number: Int, on loop: EventLoop) async throws {
        let stream = ByteStream(try Channel(owning: descriptor, on: loop))
        defer { stream.close() }
        if let tls {
            let session = try TLSSession(server: tls, descriptor: descriptor)
            try await stream.secure(by: session, deadline: Deadline(in: .seconds(10)))
            if session.isResumed { resumptions.wrappingAdd(1, ordering: .relaxed) }
        }
        var input = InputBuffer()
        let parser = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: false)
        while true {
            while true {
                let found = try input.withBytes { try parser.request($0) }
                if let found {
                    input.consume(found.count)
                    var received = Received(head: found.head, connection: number)
                    let length = received.field(.contentLength).flatMap { Int($0) } ?? 0
                    while input.count < length {
                        if try await input.receive(from: stream, timeout: .seconds(60)) == 0 {
                            return
                        }
                    }
                    received.body = input.take(length)
                    state.withLock { $0.received.append(received) }
                    let answer = await answer(received)
                    try await stream.send(answer.bytes, timeout: .seconds(10))
                    if answer.stalls {
                        _ = try await input.receive(from: stream, timeout: .seconds(60))
                    }
                    if answer.breaks { stream.channel.close() }
                    if let tls = answer.secures {
                        let session = try TLSSession(server: tls, descriptor: descriptor)
                        try await stream.secure(by: session, deadline: Deadline(in: .seconds(10)))
                    }
                    if answer.closes { return }
                    continue
                }
                break
            }
            if try await input.receive(from: stream, timeout: .seconds(60)) == 0 { return }
        }
    }
}

/// Loops shared by the tests of this target.
enum TestLoops {
    static let group: EventLoopGroup = {
        do {
            return try EventLoopGroup(count: 2)
        } catch {
            preconditionFailure("\(error)")
        }
    }()
}

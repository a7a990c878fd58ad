import MirrorCore
import MirrorSystem
import Synchronization

@testable import MirrorHTTP

/// A server whose answers a test decides.
struct ServerUnderTest {
    let server: HTTPServer
    let exchanges: ExchangeRecorder

    /// Starts a server, by default at some port of the loopback address.
    init(
        at address: ListenAddress = .tcp(host: "127.0.0.1", port: 0), tls: TLSServer? = nil,
        on group: EventLoopGroup = TestLoops.group, _ limits: ServerLimits = ServerLimits(),
        metrics: ServerMetrics? = nil, logger: Logger = .disabled,
        _ respond: @escaping @Sendable (Request) async -> Response
    ) async throws {
        try await self.init(
            at: address, tls: tls, on: group, limits, metrics: metrics, logger: logger,
            responder: ScriptedResponder(respond))
    }

    /// The same with answers of some responder.
    init(
        at address: ListenAddress = .tcp(host: "127.0.0.1", port: 0), tls: TLSServer? = nil,
        on group: EventLoopGroup = TestLoops.group, _ limits: ServerLimits = ServerLimits(),
        metrics: ServerMetrics? = nil, logger: Logger = .disabled, responder: any Responder
    ) async throws {
        exchanges = ExchangeRecorder()
        server = try await HTTPServer(
            at: address, tls: tls, on: group, limits: limits, responder: responder,
            observer: exchanges, metrics: metrics, logger: logger)
    }

    /// A connection of its own.
    func connect() async throws -> RawClient {
        try await RawClient(host: "127.0.0.1:\(server.port)")
    }
}

/// Answers as a closure says.
struct ScriptedResponder: Responder {
    private let answer: @Sendable (Request) async -> Response

    init(_ answer: @escaping @Sendable (Request) async -> Response) {
        self.answer = answer
    }

    func respond(to request: Request) async -> Response { await answer(request) }
}

/// Remembers what a server reported.
final class ExchangeRecorder: ExchangeObserver {
    private struct State {
        var exchanges: [Exchange] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var all: [Exchange] { state.withLock { $0.exchanges } }

    func didComplete(_ exchange: Exchange) {
        let ready = state.withLock { state in
            state.exchanges.append(exchange)
            let count = state.exchanges.count
            let ready = state.waiters.filter { $0.count <= count }.map(\.continuation)
            state.waiters.removeAll { $0.count <= count }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    /// Waits until that many exchanges have ended.
    func completed(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.exchanges.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

extension Response {
    /// A response with a text.
    static func text(_ text: String, _ status: HTTPStatus = .ok) -> Response {
        Response(status, body: .bytes(Array(text.utf8)))
    }
}

extension Request {
    /// Reads the whole body; nil when it breaks off.
    func wholeBody() async -> [UInt8]? {
        var bytes: [UInt8] = []
        do {
            while let block = try await body?.next() { bytes += block }
        } catch {
            return nil
        }
        return bytes
    }
}

public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Serves HTTP/1.1 on sockets of its own: every loop accepts, and what it accepts stays on it.
public final class HTTPServer: Sendable {
    private let group: EventLoopGroup
    private let contexts: [ServerContext]
    private let listeners: [ListeningSocket]
    private let acceptors: [Acceptor]

    /// Where the server really listens, such as `127.0.0.1:5000` or the path of a Unix socket;
    /// several places are joined by commas.
    public var address: String {
        listeners.map(\.address.description).joined(separator: ", ")
    }
    /// The port it listens at; 0 for a Unix socket, the first of several.
    public var port: UInt16 { listeners.first?.address.port ?? 0 }

    /// Listens at `address` and begins to serve, over TLS where that is given.
    ///
    /// - Parameter metrics: this server's numbers, and no other's.
    /// - Throws: ``StartError`` in one line when the address cannot be had.
    public init(
        at address: ListenAddress, tls: TLSServer? = nil, on group: EventLoopGroup,
        limits: ServerLimits = ServerLimits(), responder: any Responder,
        observer: (any ExchangeObserver)? = nil, metrics: ServerMetrics? = nil,
        logger: Logger = .disabled
    ) async throws(StartError) {
        self.group = group
        let listeners = try await BlockingPool.shared.run { () throws(StartError) in
            try address.listen()
        }
        self.listeners = listeners
        let count = metrics?.connections ?? ConnectionCount()
        contexts = group.loops.map {
            ServerContext(
                loop: $0, limits: limits, count: count, responder: responder, observer: observer,
                counters: metrics?.makeCounters(), tls: tls, logger: logger)
        }
        acceptors = contexts.flatMap { context in
            listeners.map { Acceptor($0, server: context) }
        }
        for acceptor in acceptors {
            try await withTaskExecutorPreference(acceptor.loop) { () throws(StartError) in
                do {
                    try acceptor.start()
                } catch {
                    throw StartError("cannot accept connections: \(error)")
                }
            }
        }
    }

    /// Stops accepting, lets requests under way finish for at most `limit`, and ends the rest.
    public func stop(drainingFor limit: Duration) async {
        for acceptor in acceptors {
            await withTaskExecutorPreference(acceptor.loop) { acceptor.stop() }
        }
        for listener in listeners { listener.endListening() }
        await withTaskGroup(of: Void.self) { tasks in
            for context in contexts {
                tasks.addTask(executorPreference: context.loop) {
                    await context.drain(limit: limit)
                }
            }
        }
    }
}

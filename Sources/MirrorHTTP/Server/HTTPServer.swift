public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Serves HTTP/1.1 on sockets of its own: every loop accepts, and what it accepts stays on it.
public final class HTTPServer: Sendable {
    private let group: EventLoopGroup
    private let contexts: [ServerContext]
    private let listener: ListeningSocket
    private let acceptors: [Acceptor]

    /// Where the server really listens, such as `127.0.0.1:5000` or the path of a Unix socket.
    public let address: String
    /// The port it listens at; 0 for a Unix socket.
    public let port: UInt16

    /// Listens at `address` and begins to serve.
    ///
    /// - Parameter metrics: this server's numbers, and no other's.
    /// - Throws: ``StartError`` in one line when the address cannot be had.
    public init(
        at address: ListenAddress, on group: EventLoopGroup, limits: ServerLimits = ServerLimits(),
        responder: any Responder, observer: (any ExchangeObserver)? = nil,
        metrics: ServerMetrics? = nil, logger: Logger = .disabled
    ) async throws(StartError) {
        self.group = group
        let listener = try Self.listen(at: address)
        self.listener = listener
        self.address = listener.address.description
        port = listener.address.port
        let count = ConnectionCount()
        metrics?.count(count)
        contexts = group.loops.map {
            ServerContext(
                loop: $0, limits: limits, count: count, responder: responder, observer: observer,
                counters: metrics?.makeCounters())
        }
        acceptors = contexts.map { Acceptor(listener, server: $0, logger: logger) }
        for (loop, acceptor) in zip(group.loops, acceptors) {
            try await withTaskExecutorPreference(loop) { () throws(StartError) in
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
        for (loop, acceptor) in zip(group.loops, acceptors) {
            await withTaskExecutorPreference(loop) { acceptor.stop() }
        }
        listener.endListening()
        await withTaskGroup(of: Void.self) { tasks in
            for context in contexts {
                tasks.addTask(executorPreference: context.loop) {
                    await context.drain(limit: limit)
                }
            }
        }
    }

    private static func listen(at address: ListenAddress) throws(StartError) -> ListeningSocket {
        let resolved = try address.resolve()
        do {
            return try ListeningSocket(resolved)
        } catch {
            // A machine without IPv6 still has all its IPv4 addresses.
            if case .tcp(nil, let port) = address,
                let every = SocketAddress(host: "0.0.0.0", port: port),
                let listener = try? ListeningSocket(every)
            {
                return listener
            }
            throw StartError("cannot listen at \(address): \(error)")
        }
    }
}

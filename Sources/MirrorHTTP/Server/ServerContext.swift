internal import MirrorCore

/// What all connections of one server on one loop share.
// Safe: made and used on one loop only.
final class ServerContext: @unchecked Sendable {
    let loop: EventLoop
    let limits: ServerLimits
    let responder: any Responder
    let observer: (any ExchangeObserver)?
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var date = DateLine()

    init(
        loop: EventLoop, limits: ServerLimits, responder: any Responder,
        observer: (any ExchangeObserver)?
    ) {
        self.loop = loop
        self.limits = limits
        self.responder = responder
        self.observer = observer
    }

    var connectionCount: Int { connections.count }

    func dateLine() -> [UInt8] {
        date.bytes(at: .now)
    }

    /// Serves a connection on this loop until it ends.
    func serve(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
        Task(executorPreference: loop) { [self] in
            await connection.run()
            connections[ObjectIdentifier(connection)] = nil
        }
    }

    /// Lets requests under way finish, up to `limit`, then ends what is left.
    func drain(limit: Duration) async {
        for connection in connections.values { connection.endSoon() }
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while !connections.isEmpty, clock.now < deadline {
            await loop.sleep(for: .milliseconds(100))
        }
        for connection in connections.values { connection.close() }
        while !connections.isEmpty { await Task.yield() }
    }
}

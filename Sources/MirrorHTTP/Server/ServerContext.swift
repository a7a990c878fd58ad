internal import MirrorCore
internal import Synchronization

/// What all connections of one server on one loop share.
// Safe: made and used on one loop only.
final class ServerContext: @unchecked Sendable {
    let loop: EventLoop
    let limits: ServerLimits
    let responder: any Responder
    let observer: (any ExchangeObserver)?
    let counters: ExchangeCounters?
    let tls: TLSServer?
    let logger: Logger
    private let count: ConnectionCount
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var date = DateLine()

    /// Turns of the loop that connections get to end in once their sockets are closed.
    private static let endTurnLimit = 1000

    init(
        loop: EventLoop, limits: ServerLimits, count: ConnectionCount,
        responder: any Responder, observer: (any ExchangeObserver)?,
        counters: ExchangeCounters?, tls: TLSServer?, logger: Logger
    ) {
        self.loop = loop
        self.limits = limits
        self.count = count
        self.responder = responder
        self.observer = observer
        self.counters = counters
        self.tls = tls
        self.logger = logger
    }

    /// Whether the server, on all its loops, has as many connections as it may.
    var isFull: Bool { count.value >= limits.connectionLimit }

    /// One was not taken for it.
    func didRefuse() {
        count.didRefuse()
    }

    func dateLine() -> [UInt8] {
        date.bytes(at: .now)
    }

    /// Serves a connection on this loop until it ends.
    func serve(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
        count.add(1)
        Task(executorPreference: loop) { [self] in
            await connection.run()
            connections[ObjectIdentifier(connection)] = nil
            count.add(-1)
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
        // One whose answer does not come cannot end yet; nobody is there to get it any more.
        for _ in 0..<Self.endTurnLimit where !connections.isEmpty { await Task.yield() }
    }
}

/// How many connections a server has, on all its loops together.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)
    private let openedCount = Atomic<Int64>(0)
    private let refusedCount = Atomic<Int64>(0)

    var value: Int { count.load(ordering: .relaxed) }
    /// How many there have been.
    var opened: Int64 { openedCount.load(ordering: .relaxed) }
    /// How many there would have been besides.
    var refused: Int64 { refusedCount.load(ordering: .relaxed) }

    func add(_ difference: Int) {
        count.wrappingAdd(difference, ordering: .relaxed)
        if difference > 0 { openedCount.wrappingAdd(Int64(difference), ordering: .relaxed) }
    }

    func didRefuse() {
        refusedCount.wrappingAdd(1, ordering: .relaxed)
    }
}

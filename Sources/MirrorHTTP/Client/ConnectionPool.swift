internal import MirrorSystem

/// The connections of one loop. What happens to them ``PoolState`` decides.
// Safe: used on its loop's thread only, which its methods assert.
final class ConnectionPool: TimerEntry, @unchecked Sendable {
    /// How often idle connections are looked at, in nanoseconds.
    private static let sweepInterval: UInt64 = 1_000_000_000

    let loop: EventLoop
    private let connector: Connector
    private var state: PoolState
    private var idle: [PoolState.Connection: ClientConnection] = [:]
    private var waiters: [PoolState.Ticket: TimedWaiter<Void>] = [:]
    private(set) var deadline: UInt64 = 0

    init(on loop: EventLoop, connector: Connector, limits: ClientLimits) {
        self.loop = loop
        self.connector = connector
        state = PoolState(
            idleLimit: limits.idleConnectionLimit, totalLimit: limits.connectionLimit,
            idleNanoseconds: UInt64(max(0, limits.idleLifetime.nanoseconds)))
    }

    deinit {
        guard !idle.isEmpty else { return }
        let idle = idle
        loop.execute { for connection in idle.values { connection.close() } }
    }

    /// A connection for one request: an idle one, or a new one, after waiting for its turn where
    /// there are too many. It leads to where `reach` lets it.
    func checkOut(
        _ key: PoolKey, within reach: Reach, deadline: Deadline
    ) async throws(ClientError) -> ClientConnection {
        assert(loop.isCurrent)
        while true {
            switch state.checkOut(key) {
            case .reuse(let number):
                guard let connection = idle.removeValue(forKey: number) else {
                    carryOut(state.discard(number, of: key))
                    continue
                }
                if connection.isQuiet, reach.permits(connection.peer, of: key.origin.host) {
                    return connection
                }
                discard(connection)
            case .open(let number):
                return try await open(number, key, reach, deadline)
            case .wait(let ticket):
                try await waitForTurn(ticket, key, deadline)
            }
        }
    }

    /// Takes back a connection whose response was read to its end.
    func giveBack(_ connection: ClientConnection) {
        assert(loop.isCurrent)
        let number = connection.number
        idle[number] = connection
        carryOut(
            state.giveBack(number, of: connection.key, now: MonotonicClock.nanoseconds))
        scheduleSweep()
    }

    /// Closes a connection that cannot serve another request.
    func discard(_ connection: ClientConnection) {
        assert(loop.isCurrent)
        connection.close()
        carryOut(state.discard(connection.number, of: connection.key))
    }

    /// Closes what is idle.
    func closeIdle() {
        assert(loop.isCurrent)
        for connection in idle.values { discard(connection) }
        idle = [:]
    }

    func timerFired() {
        deadline = 0
        for number in state.removeExpired(now: MonotonicClock.nanoseconds) {
            idle.removeValue(forKey: number)?.close()
        }
        for (number, connection) in idle where !connection.isQuiet {
            idle[number] = nil
            discard(connection)
        }
        scheduleSweep()
    }

    private func scheduleSweep() {
        guard !idle.isEmpty, deadline == 0 else { return }
        deadline = MonotonicClock.nanoseconds &+ Self.sweepInterval
        loop.schedule(self)
    }

    private func open(
        _ number: PoolState.Connection, _ key: PoolKey, _ reach: Reach, _ deadline: Deadline
    ) async throws(ClientError) -> ClientConnection {
        do throws(ClientError) {
            let (stream, peer) = try await connector.connect(
                to: key, within: reach, on: loop, deadline: deadline)
            return ClientConnection(number: number, key: key, stream: stream, peer: peer)
        } catch {
            carryOut(state.discard(number, of: key))
            throw error
        }
    }

    private func waitForTurn(
        _ ticket: PoolState.Ticket, _ key: PoolKey, _ deadline: Deadline
    ) async throws(ClientError) {
        let waiter = TimedWaiter<Void>(timeout: deadline.remaining)
        waiters[ticket] = waiter
        let turn: Void? = await waiter.value(on: loop)
        waiters[ticket] = nil
        if turn != nil, !Task.isCancelled { return }
        carryOut(state.abandon(ticket, of: key))
        if Task.isCancelled {
            throw ClientError(.cancelled, "cancelled waiting for a connection to \(key.origin)")
        }
        throw ClientError(.timedOut, "timed out waiting for a connection to \(key.origin)")
    }

    private func carryOut(_ settlement: PoolState.Settlement) {
        if let number = settlement.closes { idle.removeValue(forKey: number)?.close() }
        if let ticket = settlement.wakes { waiters[ticket]?.settle(()) }
    }
}

/// What connections are interchangeable for: an origin, by way of a proxy or none.
struct PoolKey: Hashable, Sendable {
    let origin: HTTPOrigin
    let proxy: ProxyEndpoint?
}

/// Which connections of one loop are open, which are idle, and who waits for one. Decides; does
/// nothing itself. Time is passed in, as monotonic nanoseconds.
//
//   of one key      checkOut                  giveBack                discard
//   idle > 0        .reuse(newest)            –                       one idle less
//   room left       .open(new)                newest idle ¹           room for the first waiter ²
//   full            .wait(ticket)             to the first waiter ²   room for the first waiter ²
//
// ¹ Above the limit of idle connections the one given back is closed instead.
// ² The waiter is woken and checks out again; it may find itself at the end of the line.
struct PoolState {
    typealias Connection = Int
    typealias Ticket = Int

    /// What to do for somebody who wants a connection.
    enum CheckOut: Hashable {
        case reuse(Connection)
        case open(Connection)
        case wait(Ticket)
    }

    /// What follows from a connection that came back or is gone.
    struct Settlement: Hashable {
        var closes: Connection?
        var wakes: Ticket?
    }

    private struct Idle {
        let connection: Connection
        let until: UInt64
    }

    private struct Line {
        /// Oldest first.
        var idle: [Idle] = []
        var leased: Set<Connection> = []
        var waiting: [Ticket] = []

        var isEmpty: Bool { idle.isEmpty && leased.isEmpty && waiting.isEmpty }
    }

    private let idleLimit: Int
    private let totalLimit: Int
    private let idleNanoseconds: UInt64
    private var lines: [PoolKey: Line] = [:]
    private var lastNumber = 0

    init(idleLimit: Int, totalLimit: Int, idleNanoseconds: UInt64) {
        self.idleLimit = idleLimit
        self.totalLimit = max(1, totalLimit)
        self.idleNanoseconds = idleNanoseconds
    }

    mutating func checkOut(_ key: PoolKey) -> CheckOut {
        var line = lines[key, default: Line()]
        defer { lines[key] = line }
        if let newest = line.idle.popLast() {
            line.leased.insert(newest.connection)
            return .reuse(newest.connection)
        }
        lastNumber += 1
        if line.leased.count < totalLimit {
            line.leased.insert(lastNumber)
            return .open(lastNumber)
        }
        line.waiting.append(lastNumber)
        return .wait(lastNumber)
    }

    /// Takes back a connection that can serve another request.
    mutating func giveBack(_ connection: Connection, of key: PoolKey, now: UInt64) -> Settlement {
        guard var line = lines[key], line.leased.remove(connection) != nil else {
            return Settlement(closes: connection)
        }
        defer { lines[key] = line.isEmpty ? nil : line }
        var settlement = Settlement()
        if line.idle.count < idleLimit {
            line.idle.append(Idle(connection: connection, until: now &+ idleNanoseconds))
        } else {
            settlement.closes = connection
        }
        if !line.waiting.isEmpty { settlement.wakes = line.waiting.removeFirst() }
        return settlement
    }

    /// Forgets a connection that is closed or about to be.
    mutating func discard(_ connection: Connection, of key: PoolKey) -> Settlement {
        guard var line = lines[key] else { return Settlement() }
        defer { lines[key] = line.isEmpty ? nil : line }
        line.leased.remove(connection)
        line.idle.removeAll { $0.connection == connection }
        return Settlement(wakes: line.waiting.isEmpty ? nil : line.waiting.removeFirst())
    }

    /// Forgets one who waits no longer. One who had been woken already passes that on.
    mutating func abandon(_ ticket: Ticket, of key: PoolKey) -> Settlement {
        guard var line = lines[key] else { return Settlement() }
        defer { lines[key] = line.isEmpty ? nil : line }
        if let index = line.waiting.firstIndex(of: ticket) {
            line.waiting.remove(at: index)
            return Settlement()
        }
        return Settlement(wakes: line.waiting.isEmpty ? nil : line.waiting.removeFirst())
    }

    /// The idle connections whose time is over; they count as discarded.
    mutating func removeExpired(now: UInt64) -> [Connection] {
        var expired: [Connection] = []
        for (key, var line) in lines where !line.idle.isEmpty {
            expired += line.idle.prefix { $0.until <= now }.map(\.connection)
            line.idle.removeAll { $0.until <= now }
            lines[key] = line.isEmpty ? nil : line
        }
        return expired
    }
}

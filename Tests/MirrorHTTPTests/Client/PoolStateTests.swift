import Testing

@testable import MirrorHTTP

@Suite struct PoolStateTests {
    private let key = PoolKey(origin: HTTPOrigin(scheme: .http, host: "a"), proxy: nil)
    private let other = PoolKey(origin: HTTPOrigin(scheme: .http, host: "b"), proxy: nil)

    private func pool(idle: Int = 2, total: Int = 2) -> PoolState {
        PoolState(idleLimit: idle, totalLimit: total, idleNanoseconds: 100)
    }

    @Test func connectionsAreOpenedUpToTheLimitAndThenWaitedFor() {
        var pool = pool()
        #expect(pool.checkOut(key) == .open(1))
        #expect(pool.checkOut(key) == .open(2))
        #expect(pool.checkOut(key) == .wait(3))
        #expect(pool.checkOut(other) == .open(4))
    }

    @Test func theConnectionGivenBackLastIsUsedFirst() {
        var pool = pool()
        for _ in 0..<2 { _ = pool.checkOut(key) }
        #expect(pool.giveBack(1, of: key, now: 0) == .init())
        #expect(pool.giveBack(2, of: key, now: 0) == .init())
        #expect(pool.checkOut(key) == .reuse(2))
        #expect(pool.checkOut(key) == .reuse(1))
        #expect(pool.checkOut(key) == .wait(3))
    }

    @Test func oneThatComesBackOrIsGoneWakesWhoWaitsLongest() {
        var pool = pool()
        for _ in 0..<4 { _ = pool.checkOut(key) }
        #expect(pool.giveBack(1, of: key, now: 0) == .init(wakes: 3))
        #expect(pool.discard(2, of: key) == .init(wakes: 4))
        #expect(pool.checkOut(key) == .reuse(1))
        #expect(pool.checkOut(key) == .open(5))
    }

    @Test func moreIdleConnectionsThanTheLimitAreClosed() {
        var pool = pool(idle: 1)
        for _ in 0..<2 { _ = pool.checkOut(key) }
        #expect(pool.giveBack(1, of: key, now: 0) == .init())
        #expect(pool.giveBack(2, of: key, now: 0) == .init(closes: 2))
        #expect(pool.checkOut(key) == .reuse(1))
    }

    @Test func oneWhoGivesUpIsNotWokenAndPassesOnWhatWokeThem() {
        var pool = pool(total: 1)
        for _ in 0..<4 { _ = pool.checkOut(key) }
        #expect(pool.abandon(2, of: key) == .init())
        #expect(pool.giveBack(1, of: key, now: 0) == .init(wakes: 3))
        #expect(pool.abandon(3, of: key) == .init(wakes: 4))
        #expect(pool.checkOut(key) == .reuse(1))
    }

    @Test func whatIsIdleForTooLongIsForgotten() {
        var pool = pool()
        for _ in 0..<2 { _ = pool.checkOut(key) }
        _ = pool.giveBack(1, of: key, now: 50)
        _ = pool.giveBack(2, of: key, now: 51)
        #expect(pool.removeExpired(now: 149) == [])
        #expect(pool.removeExpired(now: 150) == [1])
        #expect(pool.checkOut(key) == .reuse(2))
        #expect(pool.checkOut(key) == .open(3))
    }

    @Test func aConnectionThatIsNotKnownIsClosedAndChangesNothing() {
        var pool = pool(total: 1)
        #expect(pool.giveBack(7, of: key, now: 0) == .init(closes: 7))
        #expect(pool.discard(7, of: key) == .init())
        #expect(pool.checkOut(key) == .open(1))
    }

    // MARK: Every order of events

    @Test(arguments: [(0, 1), (1, 1), (1, 2), (2, 2)])
    func noOrderOfEventsBreaksALimitOrForgetsAWaiter(_ idleLimit: Int, _ totalLimit: Int) {
        var world = PoolWorld(idleLimit: idleLimit, totalLimit: totalLimit, key: key)
        world.explore(depth: 9)
        #expect(world.problems == [])
    }
}

/// A pool together with what its clients know, to try every order of events.
private struct PoolWorld {
    private let idleLimit: Int
    private let totalLimit: Int
    private let key: PoolKey
    private var pool: PoolState
    private var leased: ArraySlice<Int> = []
    private var idle: Set<Int> = []
    private var waiting: ArraySlice<Int> = []
    /// Those who were woken and have not checked out again yet.
    private var woken: ArraySlice<Int> = []
    private(set) var problems: Set<String> = []

    init(idleLimit: Int, totalLimit: Int, key: PoolKey) {
        self.idleLimit = idleLimit
        self.totalLimit = totalLimit
        self.key = key
        pool = PoolState(idleLimit: idleLimit, totalLimit: totalLimit, idleNanoseconds: 1)
    }

    private enum Event: CaseIterable {
        case checkOut, giveBack, discard, giveUp
        case wokenChecksOut, wokenGivesUp
        case expire
    }

    /// Tries every event that can happen now, and every one after it.
    mutating func explore(depth: Int) {
        check()
        guard depth > 0 else { return }
        for event in Event.allCases {
            var next = self
            guard next.happens(event) else { continue }
            next.explore(depth: depth - 1)
            problems = next.problems
        }
    }

    /// Lets an event happen; false when it cannot. Who is first in a line acts first.
    private mutating func happens(_ event: Event) -> Bool {
        switch event {
        case .checkOut: checkOut()
        case .giveBack:
            guard let connection = leased.popFirst() else { return false }
            idle.insert(connection)
            settle(pool.giveBack(connection, of: key, now: 0))
        case .discard:
            guard let connection = leased.popFirst() else { return false }
            settle(pool.discard(connection, of: key))
        case .giveUp:
            guard let ticket = waiting.popFirst() else { return false }
            settle(pool.abandon(ticket, of: key))
        case .wokenChecksOut:
            guard woken.popFirst() != nil else { return false }
            checkOut()
        case .wokenGivesUp:
            guard let ticket = woken.popFirst() else { return false }
            settle(pool.abandon(ticket, of: key))
        case .expire:
            guard !idle.isEmpty else { return false }
            idle.subtract(pool.removeExpired(now: 1))
        }
        return true
    }

    private mutating func checkOut() {
        switch pool.checkOut(key) {
        case .reuse(let connection):
            if idle.remove(connection) == nil { problems.insert("\(connection) was not idle") }
            leased.append(connection)
        case .open(let connection): leased.append(connection)
        case .wait(let ticket): waiting.append(ticket)
        }
    }

    private mutating func settle(_ settlement: PoolState.Settlement) {
        if let closed = settlement.closes, idle.remove(closed) == nil {
            problems.insert("\(closed) is closed though it is not idle")
        }
        guard let ticket = settlement.wakes else { return }
        guard let index = waiting.firstIndex(of: ticket) else {
            problems.insert("\(ticket) is woken and does not wait")
            return
        }
        waiting.remove(at: index)
        woken.append(ticket)
    }

    private mutating func check() {
        if idle.count > idleLimit { problems.insert("too many are idle") }
        if idle.count + leased.count > totalLimit { problems.insert("too many are open") }
        if Set(leased).count < leased.count { problems.insert("one is used twice") }
        if !waiting.isEmpty, woken.isEmpty, leased.isEmpty {
            problems.insert("nobody will wake who waits")
        }
    }
}

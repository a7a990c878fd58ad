/// Something that is told when its time has come, unless it has moved its deadline meanwhile.
protocol TimerEntry: AnyObject, Sendable {
    /// Monotonic nanoseconds; 0 when nothing is due any more. May be moved later at any time
    /// without telling the wheel.
    var deadline: UInt64 { get }
    func timerFired()
}

/// Coarse deadlines for very many sockets: a ring of slots, one for each tenth of a second.
///
/// Moving a deadline later costs nothing: the entry stays where it is, and when its slot comes
/// round the wheel looks at the deadline again. So a timeout costs one insertion for each
/// idle period of a socket and none for a request.
struct TimerWheel {
    /// The grain in nanoseconds; a timer fires up to this late.
    static let grain: UInt64 = 100_000_000
    /// A ring of 12.8 seconds. Farther deadlines are looked at once in a while; what has none any
    /// more, such as a closed connection, is kept so long.
    private static let slotCount: UInt64 = 128

    private var slots: [[any TimerEntry]]
    private var tick: UInt64
    private var count = 0
    /// No slot before this tick has an entry.
    private var earliest: UInt64 = .max

    init(now: UInt64) {
        slots = Array(repeating: [], count: Int(Self.slotCount))
        tick = now / Self.grain
    }

    /// Puts `entry` where its deadline belongs; a deadline beyond the ring waits in the last
    /// slot and is looked at again there.
    mutating func insert(_ entry: any TimerEntry) {
        let due = entry.deadline / Self.grain + 1
        let slot = min(max(due, tick + 1), tick + Self.slotCount - 1)
        slots[Int(slot % Self.slotCount)].append(entry)
        earliest = min(earliest, slot)
        count += 1
    }

    /// Takes out what is due. The caller fires it: what fires may set timers of its own.
    mutating func takeDue(at now: UInt64) -> [any TimerEntry] {
        let end = now / Self.grain
        if end < earliest {
            tick = end
            return []
        }
        var due: [any TimerEntry] = []
        earliest = .max
        if end > tick + Self.slotCount { tick = end - Self.slotCount }
        while tick < end {
            tick += 1
            let index = Int(tick % Self.slotCount)
            if slots[index].isEmpty { continue }
            var entries: [any TimerEntry] = []
            swap(&entries, &slots[index])
            count -= entries.count
            for entry in entries where entry.deadline != 0 {
                if entry.deadline <= now { due.append(entry) } else { insert(entry) }
            }
        }
        earliest = nextOccupied()
        return due
    }

    /// How long nothing can be due, in milliseconds; -1 when there is no timer at all.
    func millisecondsToNext(from now: UInt64) -> Int32 {
        guard count > 0 else { return -1 }
        let due = earliest * Self.grain
        return due <= now ? 0 : Int32((due - now + 999_999) / 1_000_000)
    }

    private func nextOccupied() -> UInt64 {
        guard count > 0 else { return .max }
        let ahead = (1..<Self.slotCount).first { !slots[Int((tick + $0) % Self.slotCount)].isEmpty }
        return ahead.map { tick + $0 } ?? .max
    }
}

/// What is done in slots, in the order in which it is served: by raw value, the lowest first.
package protocol SlotClass: Hashable, Sendable, CaseIterable, RawRepresentable<Int> {
    /// How many of `concurrency` slots may be in use, by anybody, after one of this class has
    /// begun: what is left is for classes before it.
    func room(of concurrency: Int) -> Int

    /// How long it waits for a slot.
    var patience: Duration { get }
}

/// Which slots are in use, and who waits for one. Decides; does nothing itself.
struct SlotState<Class: SlotClass> {
    typealias Ticket = Int

    private let concurrency: Int
    private(set) var inUse = 0
    private var waiting: [Class: [Ticket]] = [:]
    private var lastTicket = 0

    init(concurrency: Int) {
        self.concurrency = concurrency
    }

    /// Takes a slot.
    ///
    /// - Returns: nil when there was one, else the ticket of who waits.
    mutating func take(_ kind: Class) -> Ticket? {
        if inUse < kind.room(of: concurrency), isFirst(kind) {
            inUse += 1
            return nil
        }
        lastTicket += 1
        waiting[kind, default: []].append(lastTicket)
        return lastTicket
    }

    /// Gives a slot back.
    ///
    /// - Returns: who has a slot now and waits no longer.
    mutating func giveBack() -> Ticket? {
        inUse -= 1
        return grant()
    }

    /// Forgets one who waits no longer.
    ///
    /// - Returns: whether it still waited; else it has a slot, which is to be given back.
    mutating func abandon(_ ticket: Ticket, of kind: Class) -> Bool {
        guard let index = waiting[kind]?.firstIndex(of: ticket) else { return false }
        waiting[kind]?.remove(at: index)
        return true
    }

    /// Whether nobody of this class or one before it waits.
    private func isFirst(_ kind: Class) -> Bool {
        !waiting.contains { $0.key.rawValue <= kind.rawValue && !$0.value.isEmpty }
    }

    private mutating func grant() -> Ticket? {
        for kind in Class.allCases where inUse < kind.room(of: concurrency) {
            guard let queue = waiting[kind], let first = queue.first else { continue }
            waiting[kind]?.removeFirst()
            inUse += 1
            return first
        }
        return nil
    }
}

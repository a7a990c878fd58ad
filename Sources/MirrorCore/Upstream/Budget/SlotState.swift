/// Which of an upstream's slots are in use, and who waits for one. Decides; does nothing itself.
struct SlotState {
    typealias Ticket = Int

    private let concurrency: Int
    private(set) var inUse = 0
    private var waiting: [RequestClass: [Ticket]] = [:]
    private var lastTicket = 0

    init(concurrency: Int) {
        self.concurrency = concurrency
    }

    /// Takes a slot.
    ///
    /// - Returns: nil when there was one, else the ticket of who waits.
    mutating func take(_ requestClass: RequestClass) -> Ticket? {
        if inUse < requestClass.room(of: concurrency), isFirst(requestClass) {
            inUse += 1
            return nil
        }
        lastTicket += 1
        waiting[requestClass, default: []].append(lastTicket)
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
    mutating func abandon(_ ticket: Ticket, of requestClass: RequestClass) -> Bool {
        guard let index = waiting[requestClass]?.firstIndex(of: ticket) else { return false }
        waiting[requestClass]?.remove(at: index)
        return true
    }

    /// Whether nobody of this class or one before it waits.
    private func isFirst(_ requestClass: RequestClass) -> Bool {
        !waiting.contains { $0.key.rawValue <= requestClass.rawValue && !$0.value.isEmpty }
    }

    private mutating func grant() -> Ticket? {
        for requestClass in RequestClass.allCases
        where inUse < requestClass.room(of: concurrency) {
            guard let queue = waiting[requestClass], let first = queue.first else { continue }
            waiting[requestClass]?.removeFirst()
            inUse += 1
            return first
        }
        return nil
    }
}

import Testing

@testable import MirrorCore

@Suite struct SlotStateTests {
    /// Those who get a slot or a ticket, in this order.
    private func slots(
        _ concurrency: Int, taken classes: [RequestClass]
    ) -> (slots: SlotState<RequestClass>, tickets: [Int?]) {
        var slots = SlotState<RequestClass>(concurrency: concurrency)
        let tickets = classes.map { slots.take($0) }
        return (slots, tickets)
    }

    /// Who is served when so many slots are given back one after another.
    private func served(_ slots: SlotState<RequestClass>, _ count: Int) -> [Int?] {
        var slots = slots
        return (0..<count).map { _ in slots.giveBack() }
    }

    /// How many of each class run at once when nobody else does.
    @Test(arguments: [(1, 1, 1, 1), (2, 2, 1, 1), (4, 4, 3, 2), (5, 5, 4, 2), (64, 64, 63, 32)])
    func leavesRoomForWhatIsMoreUrgent(
        concurrency: Int, questions: Int, downloads: Int, background: Int
    ) {
        let expected: [(RequestClass, Int)] = [
            (.question, questions), (.download, downloads), (.background, background),
        ]
        for (requestClass, count) in expected {
            let all = [RequestClass](repeating: requestClass, count: concurrency + 1)
            #expect(slots(concurrency, taken: all).slots.inUse == count)
        }
    }

    @Test func servesTheMostUrgentFirstAndInTheirOrder() {
        let (slots, tickets) = slots(
            1, taken: [.question, .background, .download, .question, .question, .background])
        #expect(tickets[0] == nil)
        #expect(
            served(slots, 6) == [tickets[3], tickets[4], tickets[2], tickets[1], tickets[5], nil])
    }

    @Test func noDownloadTakesTheLastSlotOfAQuestion() {
        let (slots, tickets) = slots(2, taken: [.download, .download, .question])
        #expect(tickets[0] == nil && tickets[1] != nil && tickets[2] == nil)
        #expect(served(slots, 2) == [nil, tickets[1]])
    }

    @Test func nobodyOvertakesWhoIsAsUrgentAndWaits() {
        let (slots, tickets) = slots(1, taken: [.question, .background, .background])
        #expect(served(slots, 3) == [tickets[1], tickets[2], nil])
    }

    @Test func whoGaveUpIsNotServed() {
        var (slots, tickets) = slots(1, taken: [.question, .question, .question])
        let first = tickets[1] ?? 0
        let still = slots.abandon(first, of: .question)
        let again = slots.abandon(first, of: .question)
        #expect(still && !again)
        #expect(served(slots, 2) == [tickets[2], nil])
    }
}

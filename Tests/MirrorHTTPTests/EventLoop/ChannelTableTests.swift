import MirrorSystem
import Testing

@testable import MirrorHTTP

@Suite struct ChannelTableTests {
    private final class Handler: ReadinessHandler {
        func becameReady(_ event: EpollSet.Event) {}
    }

    @Test func findsWhatItHoldsAndNothingUnderAStaleToken() {
        var table = ChannelTable()
        let (first, second, third) = (Handler(), Handler(), Handler())
        let firstToken = table.insert(first)
        let secondToken = table.insert(second)
        #expect(table[firstToken] === first)
        #expect(table[secondToken] === second)
        table.remove(firstToken)
        #expect(table[firstToken] == nil)
        let thirdToken = table.insert(third)
        #expect(UInt32(truncatingIfNeeded: thirdToken) == UInt32(truncatingIfNeeded: firstToken))
        #expect(thirdToken != firstToken)
        #expect(table[firstToken] == nil)
        #expect(table[thirdToken] === third)
        table.remove(firstToken)
        #expect(table[thirdToken] === third)
    }
}

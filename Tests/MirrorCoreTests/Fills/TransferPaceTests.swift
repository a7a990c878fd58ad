import Testing

@testable import MirrorCore

@Suite struct TransferPaceTests {
    private static let mebibyte: Int64 = 1 << 20
    private let start = WallTime.seconds(1_700_000_000)
    private var pace = TransferPace()

    /// Receives so much each tenth of a second from `start` on.
    private mutating func receive(_ count: Int64, tenths: Range<Int>) {
        for tenth in tenths { pace.didReceive(count, at: start + .milliseconds(100 * tenth)) }
    }

    private func reach(after milliseconds: Int) -> Int64 {
        pace.reach(at: start + .milliseconds(milliseconds))
    }

    @Test func aTransferThatBringsNothingYetIsWaitedForAsAnyThatBegins() {
        #expect(reach(after: 0) == FillPlan.waitByteLimit)
        #expect(reach(after: 60_000) == FillPlan.waitByteLimit)
    }

    @Test mutating func whatAFastTransferHasBroughtInASecondItBringsInTheNext() {
        receive(3 * Self.mebibyte, tenths: 0..<10)
        #expect(reach(after: 900) == 30 * Self.mebibyte)
        receive(3 * Self.mebibyte, tenths: 10..<25)
        #expect(reach(after: 2_500) == 30 * Self.mebibyte)
    }

    @Test mutating func aSlowTransferIsWaitedForOverAShortWayOnly() {
        receive(10_000, tenths: 0..<5)
        #expect(reach(after: 400) == FillPlan.waitByteLimit)
        receive(10_000, tenths: 5..<30)
        #expect(reach(after: 2_999) < 110_001 && reach(after: 2_999) >= 100_000)
    }

    @Test mutating func aTransferThatStandsStillBringsNothing() {
        receive(3 * Self.mebibyte, tenths: 0..<10)
        #expect(reach(after: 1_500) == 15 * Self.mebibyte)
        #expect(reach(after: 2_000) == 0)
        #expect(reach(after: 60_000) == 0)
        pace.didReceive(7, at: start + .seconds(60))
        #expect(reach(after: 60_000) == 7)
    }

    @Test mutating func aClockThatIsSetBackBeginsToCountAnew() {
        receive(3 * Self.mebibyte, tenths: 0..<10)
        pace.didReceive(5, at: start - .seconds(60))
        #expect(pace.reach(at: start - .seconds(60)) < 30 * Self.mebibyte)
        pace.didReceive(5, at: start - .seconds(58))
        #expect(pace.reach(at: start - .seconds(58)) == 5)
    }
}

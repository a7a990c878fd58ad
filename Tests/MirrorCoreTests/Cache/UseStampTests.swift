import Testing

@testable import MirrorCore

@Suite struct UseStampTests {
    @Test func isDueAtFirstAndThenOnceAMinute() {
        let stamp = UseStamp()
        let start = WallTime.seconds(1_700_000_000)
        #expect(stamp.isDue(at: start))
        #expect(!stamp.isDue(at: start + .seconds(59)))
        #expect(stamp.isDue(at: start + .seconds(60)))
        #expect(!stamp.isDue(at: start + .seconds(61)))
        #expect(!stamp.isDue(at: start - .seconds(500)))
    }
}

import Testing

@testable import MirrorCore

@Suite struct ScrubPaceTests {
    private let start = WallTime.seconds(1_700_000_000)

    private func delay(_ pace: inout ScrubPace, after seconds: Int) -> Duration {
        pace.delay(at: start + .seconds(seconds))
    }

    @Test func waitsAsLongAsItsBytesTake() {
        var pace = ScrubPace(rate: 1 << 20, at: start)
        pace.didRead(1 << 20, at: start)
        #expect(delay(&pace, after: 0) == .zero)
        pace.didRead(3 << 20, at: start)
        #expect(delay(&pace, after: 0) == .seconds(3))
        #expect(delay(&pace, after: 2) == .seconds(1))
        #expect(delay(&pace, after: 3) == .zero)
    }

    @Test func countsASmallObjectAsAQuarterOfAMebibyte() {
        var pace = ScrubPace(rate: 1 << 20, at: start)
        for _ in 0..<12 {
            pace.didRead(10, at: start)
            pace.didFinish(10, at: start)
        }
        #expect(delay(&pace, after: 0) == .seconds(2))
        pace.didFinish(1 << 20, at: start)
        #expect(delay(&pace, after: 0) == .seconds(2))
    }

    @Test func looksForOthersOnceInAMebibyte() {
        var pace = ScrubPace(rate: 1 << 20, at: start)
        var looks: [Bool] = []
        for _ in 0..<4 {
            looks.append(pace.isLookDue())
            pace.didRead(600 << 10, at: start)
        }
        looks.append(pace.isLookDue())
        looks.append(pace.isLookDue())
        #expect(looks == [false, false, true, false, true, false])
    }
}

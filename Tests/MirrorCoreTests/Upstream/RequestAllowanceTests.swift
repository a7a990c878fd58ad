import Testing

@testable import MirrorCore

@Suite struct RequestAllowanceTests {
    private static let start = WallTime.seconds(1_700_000_000)
    private var allowance = RequestAllowance()

    private func held(after seconds: Int64) -> Set<RequestKind> {
        let now = Self.start + .seconds(seconds)
        return Set(RequestKind.allCases.filter { allowance.delay(of: $0, at: now) != nil })
    }

    @Test func allowsEverythingWhileNothingIsKnown() {
        #expect(held(after: 0) == [])
        #expect(!allowance.isScarce(below: 1, at: Self.start))
    }

    @Test(arguments: RequestKind.allCases)
    mutating func holdsBackWhatWasRefusedUntilTheTimeHasCome(_ refused: RequestKind) {
        let expected = refused == .check ? Set(RequestKind.allCases) : [refused]
        allowance.wasRefused(refused, for: .seconds(60), at: Self.start)
        #expect(held(after: 0) == expected)
        #expect(held(after: 59) == expected)
        #expect(allowance.delay(of: refused, at: Self.start + .seconds(59)) == .seconds(1))
        #expect(held(after: 60) == [])
    }

    @Test mutating func aShorterWordDoesNotShortenALongerOne() {
        allowance.wasRefused(.pull, for: .seconds(60), at: Self.start)
        allowance.wasRefused(.pull, for: .seconds(5), at: Self.start)
        #expect(held(after: 59) == [.pull])
    }

    @Test mutating func aRefusalThatNamesNoTimeAtAllIsRespectedForASecond() {
        allowance.wasRefused(.pull, for: .zero, at: Self.start)
        #expect(held(after: 0) == [.pull])
        #expect(held(after: 1) == [])
    }

    @Test mutating func withoutAWordEachRefusalInARowHoldsBackForTwiceAsLong() {
        var now = Self.start
        var pauses: [Duration] = []
        for _ in 0..<8 {
            allowance.wasRefused(.pull, for: nil, at: now)
            let pause = allowance.delay(of: .pull, at: now) ?? .zero
            pauses.append(pause)
            now = now + pause
        }
        #expect(pauses.prefix(3) == [.seconds(30), .seconds(60), .seconds(120)])
        #expect(pauses.suffix(2) == [.seconds(900), .seconds(900)])
    }

    @Test mutating func whatWasUnderWayTogetherIsOneRefusal() {
        for _ in 0..<40 { allowance.wasRefused(.pull, for: nil, at: Self.start) }
        #expect(allowance.delay(of: .pull, at: Self.start) == .seconds(30))
    }

    @Test mutating func anAnswerBeginsTheCountAnewButDoesNotShortenTheTime() {
        allowance.wasRefused(.pull, for: nil, at: Self.start)
        allowance.wasServed(.pull, at: Self.start + .seconds(1))
        #expect(held(after: 29) == [.pull])
        allowance.wasServed(.pull, at: Self.start + .seconds(30))
        allowance.wasRefused(.pull, for: nil, at: Self.start + .seconds(31))
        #expect(held(after: 60) == [.pull])
        #expect(held(after: 61) == [])
    }

    // MARK: What is left

    @Test(arguments: [
        (RateLimit(limit: 100, remaining: 10), 0.1, false),
        (RateLimit(limit: 100, remaining: 9), 0.1, true),
        (RateLimit(limit: 100, remaining: 0), 0.1, true),
        (RateLimit(limit: 100, remaining: 0), 0, false), (RateLimit(limit: 100), 1, false),
        (RateLimit(remaining: 1), 0.5, false), (RateLimit(remaining: 0), 0.5, true),
        (RateLimit(limit: 0, remaining: 0), 0.1, false),
    ])
    mutating func isScarceBelowTheFraction(limit: RateLimit, fraction: Double, expected: Bool) {
        allowance.didState(limit, at: Self.start)
        #expect(allowance.isScarce(below: fraction, at: Self.start) == expected)
    }

    @Test(arguments: [
        (nil, nil, Int64(3600)), (Duration.seconds(21_600), nil, 21_600), (.seconds(60), nil, 60),
        (.seconds(21_600), Duration.seconds(30), 30), (nil, .seconds(30), 30),
    ])
    mutating func isScarceNoLongerThanTheWindow(
        window: Duration?, reset: Duration?, lifetime: Int64
    ) {
        let limit = RateLimit(limit: 100, remaining: 1, window: window, reset: reset)
        allowance.didState(limit, at: Self.start)
        #expect(allowance.isScarce(below: 0.1, at: Self.start + .seconds(lifetime - 1)))
        #expect(!allowance.isScarce(below: 0.1, at: Self.start + .seconds(lifetime)))
    }

    @Test mutating func isScarceWhilePullsAreHeldBack() {
        allowance.wasRefused(.pull, for: .seconds(60), at: Self.start)
        #expect(allowance.isScarce(below: 0, at: Self.start))
        #expect(!allowance.isScarce(below: 0, at: Self.start + .seconds(60)))
    }

    @Test mutating func aNewerStatementCounts() {
        allowance.didState(RateLimit(limit: 100, remaining: 1), at: Self.start)
        allowance.didState(RateLimit(limit: 100, remaining: 90), at: Self.start)
        #expect(!allowance.isScarce(below: 0.1, at: Self.start))
    }
}

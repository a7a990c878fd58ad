import Testing

@testable import MirrorCore

@Suite struct CircuitBreakerTests {
    /// What happens to a breaker, with the milliseconds that have passed by then.
    enum Step {
        case fail(Int64)
        case answer
        case probe(Int64)
        case failProbe(Int64)
    }

    private static let start = WallTime.seconds(1_700_000_000)

    /// A breaker to which all this happened, and what it said each time.
    private func breaker(
        after steps: [Step], failureLimit: Int = 1, chance: Double = 1
    ) -> (breaker: CircuitBreaker, said: [Bool?]) {
        var breaker = CircuitBreaker(failureLimit: failureLimit)
        let said = steps.map { step -> Bool? in
            switch step {
            case .fail(let time): return breaker.didFail(at: Self.at(time), chance: chance)
            case .answer: return breaker.didAnswer()
            case .probe(let time): return breaker.beginProbe(at: Self.at(time))
            case .failProbe(let time):
                breaker.didFailProbe(at: Self.at(time), chance: chance)
                return nil
            }
        }
        return (breaker, said)
    }

    private static func at(_ milliseconds: Int64) -> WallTime {
        start + .milliseconds(milliseconds)
    }

    @Test func opensWithTheLastOfAsManyFailuresInARow() {
        let (open, said) = breaker(after: [.fail(0), .fail(0), .fail(0)], failureLimit: 3)
        #expect(said == [false, false, true])
        #expect(!open.isClosed)
        #expect(breaker(after: [.fail(0), .fail(0)], failureLimit: 3).breaker.isClosed)
    }

    @Test func anAnswerBetweenFailuresCountsFromZeroAgain() {
        let steps: [Step] = [.fail(0), .answer, .fail(0), .answer, .fail(0)]
        let (closed, said) = breaker(after: steps, failureLimit: 2)
        #expect(said == [false, false, false, false, false])
        #expect(closed.isClosed)
    }

    @Test func neverOpensWhereFailuresAreNotCounted() {
        let steps = [Step](repeating: .fail(0), count: 100)
        #expect(breaker(after: steps, failureLimit: 0).breaker.isClosed)
    }

    @Test func failuresOfWhatWasUnderWayChangeNothing() {
        let (open, said) = breaker(after: [.fail(0), .fail(900)])
        #expect(said == [true, false])
        #expect(open.nextProbe == Self.at(1000))
    }

    @Test func anAnswerToWhatWasUnderWayClosesIt() {
        let (closed, said) = breaker(after: [.fail(0), .answer])
        #expect(said == [true, true])
        #expect(closed.isClosed && closed.nextProbe == nil)
    }

    @Test func oneProbeAtATimeOnceThePauseIsOver() {
        let (probing, said) = breaker(after: [.fail(0), .probe(999), .probe(1000), .probe(1000)])
        #expect(said == [true, false, true, false])
        #expect(!probing.isClosed && probing.nextProbe == nil)
    }

    @Test func aProbeThatIsAnsweredClosesIt() {
        let (closed, said) = breaker(after: [.fail(0), .probe(1000), .answer, .probe(2000)])
        #expect(said == [true, true, true, false])
        #expect(closed.isClosed)
    }

    @Test func aProbeThatFailsAfterAnAnswerChangesNothing() {
        let steps: [Step] = [.fail(0), .probe(1000), .answer, .failProbe(9000)]
        #expect(breaker(after: steps).breaker.isClosed)
    }

    /// What the pauses are with the longest and with the shortest jitter, in milliseconds.
    @Test(arguments: [
        (1.0, [Int64(1000), 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]),
        (0.0, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]),
        (0.5, [750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000]),
    ])
    func eachProbeInVainDoublesThePauseUpToALimit(chance: Double, pauses: [Int64]) {
        var steps = [Step.fail(0)]
        var time: Int64 = 0
        for pause in pauses {
            time += pause
            #expect(breaker(after: steps, chance: chance).breaker.nextProbe == Self.at(time))
            steps += [.probe(time), .failProbe(time)]
        }
    }

    @Test func thePauseIsShortAgainAfterAnAnswer() {
        let steps: [Step] = [
            .fail(0), .probe(1000), .failProbe(1000), .probe(3000), .failProbe(3000), .answer,
            .fail(5000),
        ]
        #expect(breaker(after: steps).breaker.nextProbe == Self.at(6000))
    }
}

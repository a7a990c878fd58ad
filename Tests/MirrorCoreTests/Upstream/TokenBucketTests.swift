import Testing

@testable import MirrorCore

@Suite struct TokenBucketTests {
    /// Bytes that are taken, after how many milliseconds, and whether by one who stands back.
    struct Take {
        var count: Int
        var time: Int64 = 0
        var isLeisurely = false
    }

    /// How long each has to wait in milliseconds, at a thousand bytes a second; nil for one who
    /// stood back and has its bytes.
    private func delays(_ takes: Take...) -> [Int64?] {
        let start = WallTime.seconds(1_700_000_000)
        var bucket = TokenBucket(rate: 1000, at: start)
        return takes.map { take in
            let now = start + .milliseconds(take.time)
            let delay =
                take.isLeisurely
                ? bucket.takeLeisurely(take.count, at: now) : bucket.take(take.count, at: now)
            return delay.map { Int64($0 / .milliseconds(1)) }
        }
    }

    @Test func letsASecondsWorthPassAtOnce() {
        #expect(
            delays(Take(count: 600), Take(count: 400), Take(count: 1), Take(count: 1))
                == [0, 0, 0, 1])
    }

    @Test func whoTakesMoreThanThereIsLetsTheNextWait() {
        #expect(
            delays(
                Take(count: 5000), Take(count: 1000), Take(count: 1000, time: 3000),
                Take(count: 1, time: 6000)) == [0, 4000, 2000, 0])
    }

    @Test func savesNoMoreThanASecondsWorth() {
        #expect(
            delays(
                Take(count: 1000), Take(count: 2000, time: 3_600_000),
                Take(count: 1, time: 3_600_000)) == [0, 0, 1000])
    }

    @Test func whoStandsBackPassesOnlyWithoutADebt() {
        #expect(
            delays(
                Take(count: 1500), Take(count: 1, isLeisurely: true),
                // Others came first, once more.
                Take(count: 1000), Take(count: 1, time: 500, isLeisurely: true),
                Take(count: 800, time: 1500, isLeisurely: true),
                Take(count: 1, time: 1500, isLeisurely: true)) == [0, 500, 500, 1000, nil, 800])
    }

    @Test func aClockThatIsSetBackGivesNothingAndGoesOn() {
        #expect(
            delays(
                Take(count: 2000), Take(count: 1, time: -3_600_000),
                Take(count: 1, time: -3_598_000)) == [0, 1000, 0])
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

/// How long a transfer that breaks off is taken up again.
@Suite struct FillPatienceTests {
    private let start = WallTime.seconds(1_000)

    /// When attempts begin, in seconds from the start, if each of them fails at once with `error`.
    private func attempts(
        _ error: UpstreamError, hasBytes: Bool, lasting duration: Duration = .zero
    ) -> [Duration] {
        var patience = FillPatience(since: start)
        var attempts: [Duration] = [.zero]
        while let last = attempts.last, attempts.count < 100 {
            let pause = patience.pause(
                after: error, bringing: 0, hasBytes: hasBytes, at: start + last + duration,
                chance: 1)
            guard let pause else { break }
            attempts.append(last + duration + pause)
        }
        return attempts
    }

    @Test func beforeTheFirstByteThereAreThreeAttempts() {
        let down = UpstreamError(.unavailable, "down")
        #expect(
            attempts(down, hasBytes: false) == [.zero, .milliseconds(400), .milliseconds(1200)])
        #expect(attempts(down, hasBytes: false, lasting: .seconds(4)) == [.zero])
        let busy = UpstreamError(.unavailable, "busy", retryAfter: .seconds(4))
        #expect(attempts(busy, hasBytes: false) == [.zero])
    }

    @Test(arguments: [UpstreamError.Code.denied, .rateLimited, .invalid, .notFound])
    func beforeTheFirstByteAClearWordIsFinal(code: UpstreamError.Code) {
        #expect(attempts(UpstreamError(code, "no"), hasBytes: false) == [.zero])
    }

    @Test func inTheMiddleAnUpstreamThatIsDownIsWaitedForHalfAMinute() throws {
        let attempts = attempts(UpstreamError(.unavailable, "down"), hasBytes: true)
        let last = try #require(attempts.last)
        #expect((.seconds(30) ... .seconds(35)).contains(last))
        #expect(attempts.count == 10)
    }

    @Test func inTheMiddleAnUpstreamThatIsSilentIsAskedThreeTimes() {
        let silent = UpstreamError(.unavailable, "silent")
        #expect(attempts(silent, hasBytes: true, lasting: .seconds(30)).count == 3)
    }

    @Test func inTheMiddleItWaitsAsLongAsItIsToldWithinAMinute() {
        let limited = UpstreamError(.rateLimited, "slower", retryAfter: .seconds(29))
        #expect(attempts(limited, hasBytes: true) == [.zero, .seconds(29), .seconds(58)])
        let closed = UpstreamError(.rateLimited, "come back later", retryAfter: .seconds(61))
        #expect(attempts(closed, hasBytes: true) == [.zero])
    }

    @Test(arguments: [UpstreamError.Code.denied, .invalid])
    func inTheMiddleWhatIsNoUseIsTriedThreeTimes(code: UpstreamError.Code) {
        #expect(attempts(UpstreamError(code, "no"), hasBytes: true).count == 3)
    }

    @Test(arguments: [(0.5, 200), (1, 400), (1.5, 600)])
    func mirrorsThatFailTogetherDoNotComeBackTogether(chance: Double, milliseconds: Int) {
        var patience = FillPatience(since: start)
        let pause = patience.pause(
            after: UpstreamError(.unavailable, "down"), bringing: 0, hasBytes: true, at: start,
            chance: chance)
        #expect(pause == .milliseconds(milliseconds))
    }

    @Test func whoeverBringsBytesMayFailForEver() {
        var patience = FillPatience(since: start)
        let broken = UpstreamError(.unavailable, "broken")
        for minute in 1...1_000 {
            let pause = patience.pause(
                after: broken, bringing: 16 << 10, hasBytes: true,
                at: start + .seconds(60 * minute), chance: 1)
            #expect(pause == .milliseconds(400))
        }
    }

    @Test func dropsAreNoProgress() {
        var patience = FillPatience(since: start)
        let broken = UpstreamError(.invalid, "broken")
        let pauses = (0..<3).map { _ in
            patience.pause(
                after: broken, bringing: 100, hasBytes: true, at: start, chance: 1)
        }
        #expect(pauses == [.milliseconds(400), .milliseconds(800), nil])
    }
}

import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct ScrubPositionTests {
    private let start = WallTime.seconds(1_700_000_000)
    private let week = Duration.seconds(7 * 24 * 3600)

    @Test func readsBackWhatItWrote() {
        var position = ScrubPosition(start: start)
        #expect(position.text == "1700000000 -\n")
        #expect(ScrubPosition(text: position.text) == position)
        position.last = Digest(of: [1], by: .sha512)
        #expect(ScrubPosition(text: position.text) == position)
        #expect(position.step(at: start, every: week) == .goOn)
    }

    @Test func aPassThatIsDoneIsFollowedByOneAnIntervalAfterItsBeginning() {
        var position = ScrubPosition(start: start)
        position.isDone = true
        #expect(ScrubPosition(text: "1700000000 done")?.isDone == true)
        let end = start + week
        #expect(position.step(at: start, every: week) == .wait(until: end))
        #expect(position.step(at: end - .seconds(1), every: week) == .wait(until: end))
        #expect(position.step(at: end, every: week) == .beginAnew)
        #expect(position.step(at: start - .seconds(1), every: week) == .beginAnew)
    }
}

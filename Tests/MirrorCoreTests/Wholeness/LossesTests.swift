import MirrorTesting
import Testing

@testable import MirrorCore

/// What the store has lost, and what holds until then.
@Suite struct LossesTests {
    private let losses = Losses()
    private let digests = (0..<4).map { SampleBlob("content \($0)").digest }

    @Test func concernWhoRestsOnWhatWasLostSince() {
        losses.add(digests[0])
        let count = losses.count
        #expect(!losses.concern([digests[0], digests[1]], since: count))
        losses.add(digests[1])
        #expect(losses.concern([digests[0], digests[1]], since: count))
        #expect(!losses.concern([digests[0], digests[2]], since: count))
    }

    @Test func concernEverybodyOnceTooManyHaveBeenTold() {
        let count = losses.count
        for _ in 0..<1024 { losses.add(digests[0]) }
        #expect(!losses.concern([digests[1]], since: count))
        losses.add(digests[0])
        #expect(losses.concern([digests[1]], since: count))
        #expect(!losses.concern([digests[1]], since: count + 1))
    }

    @Test func aProofHoldsUntilSomethingIsLostThatItRestsOn() {
        let proof = WholenessProof()
        #expect(!proof.holds(after: losses))
        proof.set([digests[0], digests[1]], after: losses.count)
        #expect(proof.holds(after: losses))
        for _ in 0..<5_000 {
            losses.add(digests[2])
            #expect(proof.holds(after: losses))
        }
        losses.add(digests[1])
        #expect(!proof.holds(after: losses))
        losses.add(digests[2])
        #expect(!proof.holds(after: losses))
        proof.set([digests[0]], after: losses.count)
        #expect(proof.holds(after: losses))
    }

    /// Whoever looks takes the number first.
    @Test func aProofDoesNotHoldWhereSomethingWasLostWhileItWasSought() {
        let proof = WholenessProof()
        let count = losses.count
        losses.add(digests[0])
        proof.set([digests[0]], after: count)
        #expect(!proof.holds(after: losses))
    }

    @Test func aProofOfNothingAlwaysHolds() {
        let proof = WholenessProof()
        proof.set([], after: losses.count)
        for _ in 0..<10 {
            losses.add(digests[0])
            #expect(proof.holds(after: losses))
        }
    }
}

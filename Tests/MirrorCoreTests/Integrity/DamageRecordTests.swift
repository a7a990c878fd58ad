import Testing

@testable import MirrorCore

@Suite struct DamageRecordTests {
    private let record = DamageRecord()
    private let digest = Digest(of: [1])
    private let other = Digest(of: [2])

    @Test func concernsWhatWasOpenedBeforeAndNothingLater() {
        let before = record.latest
        record.add(digest, isInPlace: false)
        #expect(record.concerns(digest, openedAfter: before))
        #expect(!record.concerns(other, openedAfter: before))
        #expect(!record.concerns(digest, openedAfter: record.latest))
        let between = record.latest
        record.add(digest, isInPlace: false)
        #expect(record.concerns(digest, openedAfter: between))
        #expect(record.concerns(digest, openedAfter: before))
    }

    @Test func knowsWhatStillLiesInItsPlaceUntilItIsReplaced() {
        #expect(!record.isInPlace(digest))
        record.add(digest, isInPlace: true)
        #expect(record.isInPlace(digest) && !record.isInPlace(other))
        record.didReplace(digest)
        #expect(!record.isInPlace(digest))
        #expect(record.concerns(digest, openedAfter: 0))
    }

    /// Whoever might have been concerned is broken off rather than read on.
    @Test func forgetsTheOldestAndThenSparesNobodyWhoOpenedBefore() {
        record.add(digest, isInPlace: false)
        let between = record.latest
        for byte in 0..<1024 {
            record.add(Digest(of: [3, UInt8(byte % 256), UInt8(byte / 256)]), isInPlace: false)
        }
        #expect(record.concerns(other, openedAfter: 0))
        #expect(!record.concerns(other, openedAfter: between))
    }
}

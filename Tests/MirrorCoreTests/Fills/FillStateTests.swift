import Testing

@testable import MirrorCore

@Suite struct FillStateTests {
    private final class Object: StoredObject {
        let size: Int64 = 100
        func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] { [] }
    }

    private var state = FillState()

    @Test mutating func nothingCanBeReadBeforeItOpens() {
        #expect(state.readable(from: 0) == 0 && !state.isOpen)
    }

    @Test(arguments: [
        (Int64(100), Int64(0), Int64(0)), (100, 50, 50), (100, 99, 99), (100, 100, 99),
        (nil, 0, 0), (nil, 1, 0), (nil, 50, 49),
    ])
    func holdsBackTheLastByte(total: Int64?, arrived: Int64, readable: Int64) {
        var state = FillState()
        state.plan = FillPlan(arrived: ByteRanges(0..<arrived))
        state.didOpen(Object(), total: total)
        #expect(state.isOpen && state.readable(from: 0) == readable)
    }

    @Test mutating func showsWhatLiesBehindAGap() {
        state.plan = FillPlan(arrived: ByteRanges(0..<10, 40..<60), total: 100)
        state.didOpen(Object(), total: 100)
        #expect(state.readable(from: 0) == 10)
        #expect(state.readable(from: 10) == 10 && state.readable(from: 39) == 39)
        #expect(state.readable(from: 40) == 60 && state.readable(from: 59) == 60)
    }

    @Test mutating func showsAllOnceItIsProved() {
        state.plan = FillPlan(arrived: ByteRanges(0..<100))
        state.didOpen(Object(), total: 100)
        state.didProve()
        #expect(state.readable(from: 0) == 100 && state.total == 100 && state.hasEnded)
    }

    @Test mutating func showsNothingOnceItHasFailed() {
        state.didOpen(Object(), total: 100)
        state.didFail(MirrorError(.invalid, "wrong"))
        #expect(state.readable(from: 0) == 0 && state.hasEnded)
    }

    @Test mutating func beginsAnewWithNothing() {
        state.plan = FillPlan(arrived: ByteRanges(0..<50))
        state.didOpen(Object(), total: 100)
        state.beginAnew()
        #expect(!state.isOpen && state.epoch == 1 && state.total == nil)
        state.didDiverge(at: 30)
        state.didDiverge(at: 40)
        #expect(state.divergence == 30)
    }
}

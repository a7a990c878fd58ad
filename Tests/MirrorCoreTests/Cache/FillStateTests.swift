import Testing

@testable import MirrorCore

@Suite struct FillStateTests {
    private final class Object: StoredObject {
        let size: Int64 = 100
        func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] { [] }
    }

    private var state = FillState()

    @Test mutating func nothingCanBeReadBeforeItOpens() {
        #expect(state.readable == 0)
        #expect(state.mustWait(for: -1) && state.mustWait(for: 0))
    }

    @Test(arguments: [
        (Int64(100), 0, Int64(0)), (100, 50, 50), (100, 99, 99), (100, 100, 99), (0, 0, 0),
        (nil, 0, 0), (nil, 1, 0), (nil, 50, 49),
    ])
    func holdsBackTheLastByte(total: Int64?, received: Int, readable: Int64) {
        var state = FillState()
        state.didOpen(Object(), received: 0, total: total)
        state.didReceive(received)
        #expect(state.readable == readable)
        #expect(!state.mustWait(for: -1) && state.mustWait(for: readable))
        if readable > 0 { #expect(!state.mustWait(for: readable - 1)) }
    }

    @Test mutating func showsAllOnceItIsProved() {
        state.didOpen(Object(), received: 60, total: nil)
        state.didReceive(40)
        state.didProve()
        #expect(state.readable == 100 && state.total == 100)
        #expect(!state.mustWait(for: 99) && !state.mustWait(for: 100))
    }

    @Test mutating func showsNothingOnceItHasFailed() {
        state.didOpen(Object(), received: 60, total: 100)
        state.didFail(MirrorError(.invalid, "wrong"))
        #expect(state.readable == 0 && !state.mustWait(for: 0) && !state.mustWait(for: -1))
    }
}

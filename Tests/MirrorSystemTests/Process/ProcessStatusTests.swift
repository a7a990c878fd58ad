import MirrorSystem
import Testing

@Suite struct ProcessStatusTests {
    /// proc(5): the fields are counted from 1, and the second may hold spaces and parentheses.
    @Test func theLineIsReadWhateverTheProgramIsCalled() throws {
        let fields = (3...52).map { "\($0 * 100)" }.joined(separator: " ")
        let status = try #require(
            ProcessStatus(
                stat: "77 (a) b (c) \(fields)\n", ticksPerSecond: 100, pageByteCount: 4096,
                startOfMachine: 1_000_000))
        #expect(status.processorSeconds == 14 + 15)
        #expect(status.threadCount == 2000)
        #expect(status.startSeconds == 1_000_000 + 22)
        #expect(status.virtualByteCount == 2300)
        #expect(status.residentByteCount == 2400 * 4096)
    }

    @Test(arguments: ["", "77", "77 (a", "77 (a) S 1 2"])
    func whatIsNoSuchLineSaysNothing(_ line: String) {
        let status = ProcessStatus(
            stat: line, ticksPerSecond: 100, pageByteCount: 4096, startOfMachine: 0)
        #expect(status == nil)
    }

    @Test func thisProcessIsDescribed() throws {
        let status = try #require(ProcessStatus.current)
        #expect(status.residentByteCount > 1 << 20)
        #expect(status.virtualByteCount >= status.residentByteCount)
        #expect(status.threadCount > 1)
        #expect(status.startSeconds > 1_600_000_000)
        #expect(try #require(ProcessStatus.openDescriptorCount) > 2)
        #expect(DescriptorLimit.current > 2)
    }
}

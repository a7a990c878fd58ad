import MirrorSystem
import Testing

@Suite struct AtomicCellsTests {
    @Test func noAdditionOfManyThreadsIsLost() async {
        let cells = AtomicCells(count: 9)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for step in 0..<9000 { cells.add(2, at: step % 9) }
                }
            }
        }
        for index in 0..<9 { #expect(cells[index] == 16_000) }
    }

    @Test func numbersThatOneThreadAddsToAreKeptApart() {
        let cells = AtomicCells(count: 3, isShared: false)
        cells.addAlone(5, at: 0)
        cells.addAlone(-2, at: 2)
        cells.addAlone(1, at: 2)
        #expect((0..<3).map { cells[$0] } == [5, 0, -1])
    }
}

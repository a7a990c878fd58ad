internal import CLinux
internal import Synchronization

/// Numbers that many threads add to, without a lock and without waiting for each other.
///
/// Each number has a cell for each of a few processors, so that those who add seldom meet; reading
/// adds the cells up, and may miss what is being added meanwhile.
// Safe: the memory lives as long as this object, and is touched by atomic operations alone.
@safe package final class AtomicCells: @unchecked Sendable {
    /// Cells that lie in one line of a processor's cache.
    private static let lineCellCount = 8
    /// Processors beyond this share cells.
    private static let mostStripes = 16

    private let cells: UnsafeMutablePointer<Atomic<Int64>>
    private let rowCount: Int
    private let stripeCount: Int
    /// How many numbers there are.
    package let count: Int

    /// So many numbers, all zero.
    ///
    /// - Parameter isShared: false for numbers that one thread alone adds to; see
    ///   ``addAlone(_:at:)``.
    package init(count: Int, isShared: Bool = true) {
        self.count = count
        rowCount = (count + Self.lineCellCount - 1) / Self.lineCellCount * Self.lineCellCount
        stripeCount = isShared ? Self.stripes(for: usableProcessorCount) : 1
        let total = rowCount * stripeCount
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: total * MemoryLayout<Atomic<Int64>>.stride,
            alignment: Self.lineCellCount * MemoryLayout<Atomic<Int64>>.stride)
        // Safe: bound once, initialised whole, and freed with this object.
        unsafe cells = memory.bindMemory(to: Atomic<Int64>.self, capacity: total)
        for index in 0..<total { unsafe (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize(count: rowCount * stripeCount)
        unsafe cells.deallocate()
    }

    private static func stripes(for processorCount: Int) -> Int {
        var count = 1
        while count < min(processorCount, mostStripes) { count *= 2 }
        return count
    }

    /// Adds to a number, from any thread.
    package func add(_ amount: Int64, at index: Int) {
        precondition(index >= 0 && index < count)
        let stripe = stripeCount == 1 ? 0 : Int(mirrord_processor()) & (stripeCount - 1)
        // Safe: the index lies within a row, and the row within the memory.
        unsafe cells[stripe * rowCount + index].wrappingAdd(amount, ordering: .relaxed)
    }

    /// Adds to a number that no other thread adds to: cheaper than ``add(_:at:)``, since nobody
    /// else can come between reading and writing.
    package func addAlone(_ amount: Int64, at index: Int) {
        precondition(index >= 0 && index < count && stripeCount == 1)
        // Safe: the index lies within the only row.
        let value = unsafe cells[index].load(ordering: .relaxed)
        unsafe cells[index].store(value &+ amount, ordering: .relaxed)
    }

    /// What a number has come to.
    package subscript(index: Int) -> Int64 {
        precondition(index >= 0 && index < count)
        var sum: Int64 = 0
        for stripe in 0..<stripeCount {
            // Safe: as above.
            sum &+= unsafe cells[stripe * rowCount + index].load(ordering: .relaxed)
        }
        return sum
    }
}

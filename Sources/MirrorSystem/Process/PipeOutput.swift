internal import Glibc

/// What comes out of a pipe, kept up to a limit; what is beyond it is read and forgotten.
struct PipeOutput {
    /// How long one look at the pipes lasts at most, in milliseconds: so often is looked whether
    /// the process has ended.
    private static let tick: Int32 = 5
    private static let blockByteCount = 16 << 10

    private let descriptor: Int32
    private let limit: Int
    private var hasEnded = false
    private(set) var bytes: [UInt8] = []
    /// Whether there was more than is kept.
    private(set) var isOverfull = false

    init(_ descriptor: Int32, keeping limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Takes a block out of each of two pipes that has something.
    ///
    /// - Parameter waiting: whether to wait a moment where there is nothing.
    /// - Returns: false where neither had anything.
    static func read(
        _ first: inout PipeOutput, _ second: inout PipeOutput, waiting: Bool
    ) throws(SystemError) -> Bool {
        // The kernel leaves negative descriptors aside.
        var entries = [first, second].map {
            pollfd(fd: $0.hasEnded ? -1 : $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        let count = try retrying("poll") {
            // Safe: there are two entries, which outlive the call.
            unsafe poll(&entries, 2, waiting ? tick : 0)
        }
        if entries[0].revents != 0 { try first.readBlock() }
        if entries[1].revents != 0 { try second.readBlock() }
        return count > 0
    }

    private mutating func readBlock() throws(SystemError) {
        var block = [UInt8](repeating: 0, count: Self.blockByteCount)
        let count = try retrying("read") {
            // Safe: the kernel writes at most as many bytes as the array has.
            unsafe Glibc.read(descriptor, &block, Self.blockByteCount)
        }
        hasEnded = count == 0
        let room = limit - bytes.count
        if count > room { isOverfull = true }
        bytes += block.prefix(min(count, room))
    }
}

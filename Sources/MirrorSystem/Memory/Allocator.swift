internal import CLinux

/// The C library's allocator, which all objects come from.
package enum Allocator {
    /// Blocks of this size in bytes and more are mapped apart.
    private static let mappedByteCount: Int32 = 1 << 20
    /// So many free bytes at the end of a heap are kept, for the next block of a transfer: to give
    /// them back and ask for them again costs more than to fill them.
    private static let spareByteCount: Int32 = 4 << 20

    /// Has large blocks mapped apart for as long as the process lives, so that a table that has
    /// grown gives the room of its smaller self back to the system. Left alone, the library maps
    /// fewer and fewer of them (mallopt(3), `M_MMAP_THRESHOLD`), and keeps the room.
    package static func mapLargeBlocks() {
        _ = mallopt(M_MMAP_THRESHOLD, mappedByteCount)
        // Without this the first setting would have it stay at its least.
        _ = mallopt(M_TRIM_THRESHOLD, spareByteCount)
    }
}

internal import Glibc

/// Bytes that end where readable memory ends: whoever reads one byte too far is killed.
///
/// For tests of parsers, whose input is a `Span` that the compiler's own checks guard, but only
/// as long as nobody unwraps it.
@safe package struct GuardedBytes: ~Copyable {
    private let mapping: UnsafeMutableRawPointer
    private let mappingByteCount: Int
    private let start: UnsafeMutablePointer<UInt8>
    private let count: Int

    /// Copies `bytes` to the end of a mapping.
    package init(_ bytes: some Collection<UInt8>) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let room = (bytes.count / page + 1) * page
        // Safe: a mapping of its own, unmapped with this value; the last page is taken away, and
        // the bytes fit in front of it.
        let mapped = unsafe mmap(
            nil, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED,
            unsafe mprotect(mapped + room, page, PROT_NONE) == 0
        else { preconditionFailure("no memory for a guarded page") }
        unsafe mapping = mapped
        mappingByteCount = room + page
        count = bytes.count
        unsafe start = (mapped + room - count).assumingMemoryBound(to: UInt8.self)
        var offset = 0
        for byte in bytes {
            unsafe start[offset] = byte
            offset += 1
        }
    }

    deinit {
        unsafe munmap(mapping, mappingByteCount)
    }

    /// Hands the bytes to `body`.
    package func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Safe: the memory is this value's own and lives through the call.
        let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
        return try unsafe body(Span(_unsafeElements: buffer))
    }
}

internal import Glibc

extension SharedFile {
    /// Reads like ``read(at:limit:)``, for somebody who does not come back: bytes that the kernel
    /// did not have in memory before are not left there, in the place of others. From then on
    /// it reads nothing ahead for this opening of the file.
    package func readOnce(at offset: Int64, limit: Int) throws(SystemError) -> [UInt8] {
        // Advice that is not taken does no harm.
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM)
        let wasInMemory = isInMemory(offset..<offset + Int64(limit))
        let bytes = try read(at: offset, limit: limit)
        if !wasInMemory, !bytes.isEmpty { forget(offset..<offset + Int64(bytes.count)) }
        return bytes
    }

    /// Asks the kernel to let go of these bytes where it has them in memory.
    package func forget(_ range: Range<Int64>) {
        posix_fadvise(
            descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_DONTNEED)
    }

    /// Whether the kernel has any of these bytes in memory; true where it does not say.
    package func isInMemory(_ range: Range<Int64>) -> Bool {
        let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
        let start = range.lowerBound / page * page
        let length = Int(range.upperBound - start)
        // Safe: what is mapped is never touched, so it does not matter what becomes of the file.
        let address = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, off_t(start))
        guard let address = unsafe address, unsafe address != MAP_FAILED else { return true }
        defer { unsafe munmap(address, length) }
        var pages = [UInt8](repeating: 0, count: (length + Int(page) - 1) / Int(page))
        // Safe: mincore writes one byte for each page of the length.
        let result = unsafe pages.withUnsafeMutableBufferPointer { buffer in
            unsafe mincore(address, length, buffer.baseAddress)
        }
        return result != 0 || pages.contains { $0 & 1 == 1 }
    }
}

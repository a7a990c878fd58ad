internal import Glibc

extension SharedFile {
    /// The bytes from `offset`, as many as one call gives, at most `limit` of them; empty at
    /// the end of the file.
    package func read(at offset: Int64, limit: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        // Safe: pread writes at most `capacity` bytes, and the count is what it reports.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(SystemError) {
                count = try retrying("pread") {
                    unsafe pread(descriptor, buffer.baseAddress, limit, off_t(offset))
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` at `offset`. After an error, a part of them may have been written.
    package func write(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try writeSome(bytes, from: written, at: offset + Int64(written))
        }
    }

    private func writeSome(
        _ bytes: [UInt8], from start: Int, at offset: Int64
    ) throws(SystemError) -> Int {
        let count = try retrying("pwrite") {
            // Safe: pwrite reads the bytes from `start` to the end of the array, which lives as
            // long as the call.
            unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
                return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset))
            }
        }
        // POSIX leaves 0 for a regular file open; asking for ever must be ruled out.
        guard count > 0 else { throw SystemError("pwrite", number: EIO) }
        return count
    }

    /// Makes the content, and what is needed to find it in the file, survive a loss of power.
    package func syncContent() throws(SystemError) {
        _ = try retrying("fdatasync") { fdatasync(descriptor) }
    }

    /// Makes content and metadata survive a loss of power; of a folder, its names.
    package func sync() throws(SystemError) {
        _ = try retrying("fsync") { fsync(descriptor) }
    }

    /// Cuts the file, or lengthens it with zeros, to `size` bytes.
    package func truncate(to size: Int64) throws(SystemError) {
        _ = try retrying("ftruncate") { ftruncate(descriptor, off_t(size)) }
    }
}

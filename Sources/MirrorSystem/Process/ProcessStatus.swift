internal import Glibc

/// What the kernel says of this process. To ask blocks, if only shortly.
package struct ProcessStatus: Hashable, Sendable {
    /// Seconds of processors' time that it has used, in its own code and in the kernel's.
    package let processorSeconds: Double
    /// Bytes of addresses.
    package let virtualByteCount: Int64
    /// Bytes of memory.
    package let residentByteCount: Int64
    /// When it was started, in seconds since 1970.
    package let startSeconds: Double
    /// Threads that it has.
    package let threadCount: Int64

    /// What holds now; nil where the kernel does not say.
    package static var current: ProcessStatus? {
        guard let status = try? WholeFile.read("/proc/self/stat", limit: 64 << 10) else {
            return nil
        }
        return ProcessStatus(
            stat: String(decoding: status, as: UTF8.self), ticksPerSecond: ticksPerSecond,
            pageByteCount: Int64(sysconf(Int32(_SC_PAGESIZE))), startOfMachine: startOfMachine)
    }

    /// Reads the line of `/proc/self/stat` (proc(5)); nil when it is none. The second field, the
    /// program's name in parentheses, may hold anything.
    package init?(
        stat line: String, ticksPerSecond: Double, pageByteCount: Int64, startOfMachine: Double
    ) {
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split { $0 == " " || $0 == "\n" }
        // The first of these is the third of the line.
        let numbers = fields.map { Double($0) ?? 0 }
        guard numbers.count > 21, ticksPerSecond > 0 else { return nil }
        processorSeconds = (numbers[11] + numbers[12]) / ticksPerSecond
        threadCount = Int64(numbers[17])
        startSeconds = startOfMachine + numbers[19] / ticksPerSecond
        virtualByteCount = Int64(numbers[20])
        residentByteCount = Int64(numbers[21]) * pageByteCount
    }

    /// How many descriptors are open; nil where that cannot be found out.
    package static var openDescriptorCount: Int? {
        guard var reader = try? FolderReader("/proc/self/fd") else { return nil }
        // The reader has one of them.
        var count = -1
        while (try? reader.next()) != nil { count += 1 }
        return count
    }

    private static var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }

    /// In seconds since 1970, as `btime` of `/proc/stat` has it.
    private static let startOfMachine: Double = {
        let bytes = (try? WholeFile.read("/proc/stat", limit: 1 << 20)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) } ?? 0
    }()
}

import MirrorSystem

/// The connections of a server, as the kernel lists them.
enum ServerSockets {
    /// How many connections have their local end at `port` and belong to a descriptor.
    static func count(atPort port: UInt16) throws -> Int {
        let hex = String(port, radix: 16, uppercase: true)
        let ending = ":" + String(repeating: "0", count: 4 - hex.count) + hex
        let table = try WholeFile.read("/proc/self/net/tcp", limit: 64 << 20)
        return String(decoding: table, as: UTF8.self).split(separator: "\n").count { line in
            let columns = line.split(separator: " ")
            // State 0A listens; without an inode a socket is no longer anybody's.
            return columns.count > 9 && columns[1].hasSuffix(ending) && columns[3] != "0A"
                && columns[9] != "0"
        }
    }
}

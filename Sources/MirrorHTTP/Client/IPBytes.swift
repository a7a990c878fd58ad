internal import MirrorSystem

/// A numeric IP address: four or sixteen bytes.
struct IPBytes: Hashable, Sendable {
    let bytes: [UInt8]

    /// Parses an address; one of IPv4 written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
    init?(_ text: String) {
        guard let address = SocketAddress(host: text, port: 0) else { return nil }
        self.init(address)
    }

    /// The address of a socket, which is one of IP.
    init(_ address: SocketAddress) {
        let all = address.bytes
        guard address.isIPv6 else {
            bytes = Array(all[4..<8])
            return
        }
        let long = Array(all[8..<24])
        let isMapped = long[..<12].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
        bytes = isMapped ? Array(long[12...]) : long
    }

    init(ipv4 bytes: ArraySlice<UInt8>) {
        self.bytes = Array(bytes)
    }

    var isIPv6: Bool { bytes.count == 16 }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        bytes.count == 4
            ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// Whether the first `prefix` bits are those of `network`.
    func isWithin(_ network: IPBytes, prefix: Int) -> Bool {
        guard bytes.count == network.bytes.count else { return false }
        let whole = prefix / 8
        guard bytes[..<whole] == network.bytes[..<whole] else { return false }
        let rest = prefix % 8
        if rest == 0 { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> rest)
        return bytes[whole] & mask == network.bytes[whole] & mask
    }
}

internal import CLinux
internal import Glibc

/// An IPv4, IPv6 or Unix address as the kernel wants it.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// A `sockaddr` of its family, family field included.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Parses a numeric host, such as `127.0.0.1`, `::1` or `fe80::1`.
    package init?(host: String, port: UInt16) {
        if let address = Self.ipv4(host, port: port) ?? Self.ipv6(host, port: port) {
            self = address
        } else {
            return nil
        }
    }

    /// A Unix socket; nil when the path does not fit into the kernel's 107 bytes.
    package init?(unixPath path: String) {
        let name = Array(path.utf8)
        guard !name.isEmpty, name.count <= 107, !name.contains(0) else { return nil }
        let family = UInt16(AF_UNIX)
        bytes =
            [UInt8(truncatingIfNeeded: family), UInt8(truncatingIfNeeded: family >> 8)] + name + [0]
    }

    /// A Unix socket without a file; nil when the name does not fit into the kernel's 107 bytes.
    package init?(abstractName name: String) {
        let name = Array(name.utf8)
        guard !name.isEmpty, name.count <= 107 else { return nil }
        let family = UInt16(AF_UNIX)
        bytes =
            [UInt8(truncatingIfNeeded: family), UInt8(truncatingIfNeeded: family >> 8), 0] + name
    }

    package var family: Int32 {
        bytes.count >= 2 ? Int32(bytes[0]) | Int32(bytes[1]) << 8 : AF_UNSPEC
    }

    package var isUnix: Bool { family == AF_UNIX }
    package var isIPv6: Bool { family == AF_INET6 }

    /// The port of an IP address; 0 for others.
    package var port: UInt16 {
        isUnix || bytes.count < 4 ? 0 : UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }

    /// The same host at another port.
    package func with(port: UInt16) -> SocketAddress {
        guard !isUnix, bytes.count >= 4 else { return self }
        var bytes = bytes
        bytes[2] = UInt8(port >> 8)
        bytes[3] = UInt8(port & 255)
        return SocketAddress(bytes: bytes)
    }

    /// The numeric host without port, or the path of a Unix socket; `@` when it has none.
    package var host: String {
        switch family {
        case AF_INET where bytes.count >= 8:
            return bytes[4..<8].map { String($0) }.joined(separator: ".")
        case AF_INET6 where bytes.count >= 24:
            // A client of a dual-stack listener that speaks IPv4 is shown as such.
            let isMappedIPv4 = bytes[8..<18].allSatisfy { $0 == 0 } && bytes[18..<20] == [255, 255]
            return isMappedIPv4
                ? bytes[20..<24].map { String($0) }.joined(separator: ".")
                : Self.ipv6Text(Array(bytes[8..<24]))
        case AF_UNIX:
            let path = bytes.dropFirst(2).prefix { $0 != 0 }
            return path.isEmpty ? "@" : String(decoding: path, as: UTF8.self)
        default: return "?"
        }
    }

    /// `127.0.0.1:5000`, `[::1]:5000` or the path of a Unix socket.
    package var description: String {
        isUnix ? host : isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func ipv4(_ host: String, port: UInt16) -> SocketAddress? {
        var address = sockaddr_in()
        // Safe: inet_pton writes an in_addr where one is.
        guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return SocketAddress(bytes: unsafe withUnsafeBytes(of: &address) { unsafe Array($0) })
    }

    private static func ipv6(_ host: String, port: UInt16) -> SocketAddress? {
        var address = sockaddr_in6()
        // Safe: inet_pton writes an in6_addr where one is.
        guard unsafe inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return nil }
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        return SocketAddress(bytes: unsafe withUnsafeBytes(of: &address) { unsafe Array($0) })
    }

    private static func ipv6Text(_ address: [UInt8]) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // Safe: the source is the sixteen bytes of an in6_addr, the target as long as is said.
        let isText = unsafe inet_ntop(AF_INET6, address, &buffer, socklen_t(buffer.count)) != nil
        guard isText else { return "?" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

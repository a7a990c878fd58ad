/// Where an IP address leads, as far as its number says: IANA's registries of special-purpose
/// addresses (RFC 6890), with what they leave open decided for a mirror.
enum AddressClass: String, Hashable, Sendable {
    /// Anywhere in the Internet.
    case global
    /// A network that is somebody's own: RFC 1918, RFC 4193, and what carriers and test beds use
    /// within their networks (RFC 6598, RFC 2544).
    case `private`
    /// This machine.
    case loopback
    /// This machine's link, and what a cloud tells its machines, their credentials included, at
    /// addresses of its own.
    case linkLocal = "link-local"
    /// Nobody in particular: unspecified, multicast, documentation, and what is not given out.
    case reserved

    /// The class of an address.
    init(_ address: IPBytes) {
        if let inner = address.embeddedIPv4 {
            self = AddressClass(inner)
            return
        }
        let found = Self.networks.first { address.isWithin($0.network, prefix: $0.prefix) }
        self = found?.class ?? (address.isIPv6 ? .reserved : .global)
    }

    /// The class of a host that is an address, or a name of this machine; nil for other names.
    init?(host: String) {
        if let address = IPBytes(host) {
            self.init(address)
        } else if host == "localhost" || host.hasSuffix(".localhost") {
            self = .loopback
        } else {
            return nil
        }
    }

    /// The first that an address is within counts.
    private static let networks: [(network: IPBytes, prefix: Int, class: AddressClass)] =
        (services + ipv4 + ipv6).compactMap { text, prefix, kind in
            IPBytes(text).map { ($0, prefix, kind) }
        }

    /// What clouds tell their machines from, where that is no link-local address.
    private static let services: [(String, Int, AddressClass)] = [
        ("100.100.100.200", 32, .linkLocal), ("168.63.129.16", 32, .linkLocal),
        ("fd00:ec2::", 32, .linkLocal), ("fd20:ce::", 32, .linkLocal),
    ]

    private static let ipv4: [(String, Int, AddressClass)] = [
        ("10.0.0.0", 8, .private), ("172.16.0.0", 12, .private), ("192.168.0.0", 16, .private),
        ("100.64.0.0", 10, .private), ("198.18.0.0", 15, .private),
        ("127.0.0.0", 8, .loopback), ("169.254.0.0", 16, .linkLocal),
        ("0.0.0.0", 8, .reserved), ("192.0.0.0", 24, .reserved), ("192.0.2.0", 24, .reserved),
        ("192.88.99.0", 24, .reserved), ("198.51.100.0", 24, .reserved),
        ("203.0.113.0", 24, .reserved), ("224.0.0.0", 3, .reserved),
    ]

    /// What is in none of these is not given out.
    private static let ipv6: [(String, Int, AddressClass)] = [
        ("::1", 128, .loopback), ("fe80::", 10, .linkLocal), ("fc00::", 7, .private),
        ("fec0::", 10, .private), ("64:ff9b:1::", 48, .private), ("2001::", 23, .reserved),
        ("2001:db8::", 32, .reserved), ("3fff::", 20, .reserved), ("2000::", 3, .global),
    ]
}

extension IPBytes {
    /// The IPv4 address that packets for this IPv6 address are carried on to: NAT64 (RFC 6052),
    /// 6to4 (RFC 3056), and the forms of RFC 2765 and RFC 4291 that nobody should use any more.
    fileprivate var embeddedIPv4: IPBytes? {
        guard isIPv6 else { return nil }
        if bytes[..<2].elementsEqual([0x20, 0x02]) { return IPBytes(ipv4: bytes[2..<6]) }
        let isNAT64 = bytes[..<12].elementsEqual([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0])
        let isTranslated = bytes[..<12].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0])
        // Neither `::` nor `::1`.
        let isCompatible =
            bytes[..<12].allSatisfy { $0 == 0 } && !bytes[12..<15].allSatisfy { $0 == 0 }
        return isNAT64 || isTranslated || isCompatible ? IPBytes(ipv4: bytes[12...]) : nil
    }
}

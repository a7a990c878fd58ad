import Testing

@testable import MirrorHTTP

@Suite struct AddressClassTests {
    static let addresses: [(AddressClass, [String])] = [
        (
            .global,
            [
                "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
                "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
                "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
                "223.255.255.255", "2606:4700::1111", "2001:200::1", "2a00::1", "3ffe::1",
            ]
        ),
        (
            .private,
            [
                "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "172.16.0.1",
                "172.31.255.255", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
                "fc00::1", "fd12:3456::1", "fdff::1", "fec0::1", "64:ff9b:1::1",
            ]
        ),
        (.loopback, ["127.0.0.1", "127.255.255.255", "::1"]),
        (
            .linkLocal,
            [
                "169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::1", "febf::1",
                "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254",
            ]
        ),
        (
            .reserved,
            [
                "0.0.0.0", "0.1.2.3", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.51.100.1",
                "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::",
                "::2", "100::1", "2001::1", "2001:db8::1", "3fff::1", "ff02::1", "4000::1",
            ]
        ),
    ]

    @Test(arguments: addresses)
    func everyRangeHasItsClassFromEndToEnd(_ row: (AddressClass, [String])) throws {
        for address in row.1 {
            #expect(AddressClass(try #require(IPBytes(address))) == row.0, "\(address)")
        }
    }

    /// What carries IPv4 within IPv6.
    static let wrappings = ["::ffff:", "64:ff9b::", "::ffff:0:", "::"]

    @Test(arguments: wrappings)
    func anIPv4AddressIsSeenThroughWhateverCarriesIt(_ prefix: String) throws {
        for (kind, addresses) in Self.addresses {
            for address in addresses where !address.contains(":") && address != "0.0.0.0" {
                let wrapped = try #require(IPBytes(prefix + address))
                #expect(AddressClass(wrapped) == kind, "\(prefix)\(address)")
            }
        }
    }

    @Test func an6to4AddressIsSeenThrough() throws {
        #expect(AddressClass(try #require(IPBytes("2002:a9fe:a9fe::1"))) == .linkLocal)
        #expect(AddressClass(try #require(IPBytes("2002:0a01:0203::1"))) == .private)
        #expect(AddressClass(try #require(IPBytes("2002:0808:0808::1"))) == .global)
    }

    @Test func ofNamesOnlyThoseOfThisMachineSayWhereTheyLead() {
        #expect(AddressClass(host: "localhost") == .loopback)
        #expect(AddressClass(host: "db.localhost") == .loopback)
        #expect(AddressClass(host: "::1") == .loopback)
        #expect(AddressClass(host: "169.254.169.254") == .linkLocal)
        #expect(AddressClass(host: "cdn.test") == nil)
    }

    /// Where the upstream is, where it sends the mirror, and whether the mirror goes there.
    static let ways: [(AddressClass?, AddressClass?, Bool)] = [
        (.global, .global, true), (.global, .private, false), (.global, .loopback, false),
        (.private, .global, true), (.private, .private, true), (.private, .loopback, false),
        (.loopback, .loopback, true), (.loopback, .private, false), (.loopback, .global, true),
        (.linkLocal, .linkLocal, false), (.reserved, .reserved, false),
        (.global, .linkLocal, false), (.private, .linkLocal, false), (.global, .reserved, false),
        (nil, .global, true), (nil, .private, false), (nil, .loopback, false), (nil, nil, true),
    ]

    @Test(arguments: ways)
    func aServerNamesNoPlaceThatItWasNotReachedIn(_ way: (AddressClass?, AddressClass?, Bool)) {
        let reach = Reach(trustedHosts: ["registry.test"], home: way.0)
        #expect(reach.permits(way.1, of: "cdn.test") == way.2)
        #expect(reach.permits(way.1, of: "registry.test"))
    }
}

internal import MirrorSystem

/// Where a server waits for clients.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A TCP port of the host with this IP address or name; nil for every address of the machine,
    /// by IPv6 and IPv4. Port 0 is any free one.
    case tcp(host: String?, port: UInt16)
    /// A Unix socket at this path.
    case unix(path: String)
    /// Sockets that listen already: somebody else, such as systemd, has opened them for this
    /// process and goes on to own them.
    case inherited(descriptors: [Int32])

    /// Reads `host:port`, `:port` or `[address]:port`; nil for anything else.
    public init?(tcp text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") || host.contains("/") {
            return nil
        }
        self = .tcp(host: host.isEmpty ? nil : String(host), port: port)
    }

    /// As it is written in a configuration.
    public var description: String {
        switch self {
        case .tcp(let host?, let port) where host.contains(":"): "[\(host)]:\(port)"
        case .tcp(let host, let port): "\(host ?? ""):\(port)"
        case .unix(let path): path
        case .inherited(let descriptors):
            "inherited sockets \(descriptors.map { "\($0)" }.joined(separator: ", "))"
        }
    }

    /// Sockets that listen there. A name is looked up, which may block.
    func listen() throws(StartError) -> [ListeningSocket] {
        switch self {
        case .unix(let path):
            guard let address = SocketAddress(unixPath: path) else {
                throw StartError("the path of a Unix socket has 1 to 107 bytes: \(path)")
            }
            return [try listener { () throws(SystemError) in try ListeningSocket(address) }]
        case .tcp(let host, let port):
            let address = try address(of: host ?? "::", port)
            // A machine without IPv6 still has all its IPv4 addresses.
            let other = host == nil ? SocketAddress(host: "0.0.0.0", port: port) : nil
            return [try listener(at: address, else: other)]
        case .inherited(let descriptors):
            return try descriptors.map { descriptor throws(StartError) in
                try listener { () throws(SystemError) in
                    try ListeningSocket(adopting: descriptor)
                }
            }
        }
    }

    /// Of a name, its first address by IPv4, or else by IPv6, as in the reference.
    private func address(of host: String, _ port: UInt16) throws(StartError) -> SocketAddress {
        let number = host == "localhost" ? "127.0.0.1" : host
        if let address = SocketAddress(host: number, port: port) { return address }
        do throws(NameError) {
            let all = try NameResolver.addresses(of: host, port: port)
            guard let address = all.first(where: { !$0.isIPv6 }) ?? all.first else {
                throw NameError("the name has no address")
            }
            return address
        } catch {
            throw StartError("cannot listen at \(self): \(error)")
        }
    }

    private func listener(
        at address: SocketAddress, else other: SocketAddress?
    ) throws(StartError) -> ListeningSocket {
        try listener { () throws(SystemError) in
            do throws(SystemError) {
                return try ListeningSocket(address)
            } catch {
                if let other, let listener = try? ListeningSocket(other) { return listener }
                throw error
            }
        }
    }

    private func listener(
        _ open: () throws(SystemError) -> ListeningSocket
    ) throws(StartError) -> ListeningSocket {
        do {
            return try open()
        } catch {
            throw StartError("cannot listen at \(self): \(error)")
        }
    }
}

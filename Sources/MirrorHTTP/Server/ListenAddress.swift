internal import MirrorSystem

/// Where a server waits for clients.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A TCP port of the host with this IP address; nil for every address of the machine, by
    /// IPv6 and IPv4. Port 0 is any free one.
    case tcp(host: String?, port: UInt16)
    /// A Unix socket at this path.
    case unix(path: String)

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
        }
    }

    func resolve() throws(StartError) -> SocketAddress {
        switch self {
        case .unix(let path):
            guard let address = SocketAddress(unixPath: path) else {
                throw StartError("the path of a Unix socket has 1 to 107 bytes: \(path)")
            }
            return address
        case .tcp(let host, let port):
            let number = host == "localhost" ? "127.0.0.1" : host ?? "::"
            guard let address = SocketAddress(host: number, port: port) else {
                throw StartError("cannot listen at \(self): give the host by its IP address")
            }
            return address
        }
    }
}

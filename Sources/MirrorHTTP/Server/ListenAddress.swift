internal import MirrorSystem

/// Where a server listens.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A host, by number or empty for all, and a port; 0 lets the system choose one.
    case tcp(host: String, port: UInt16)
    /// The path of a Unix socket.
    case unix(path: String)

    /// Parses `host:port`, `:port` or `[v6]:port`; nil for anything else.
    public init?(hostAndPort text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self = .tcp(host: String(host), port: port)
    }

    /// As it is written in a configuration.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }

    func resolve() async throws(StartError) -> SocketAddress {
        switch self {
        case .unix(let path):
            guard let address = SocketAddress(unixPath: path) else {
                throw StartError("the path of a Unix socket has 1 to 107 bytes: \(path)")
            }
            return address
        case .tcp(let host, let port):
            let name = host.isEmpty ? "::" : host == "localhost" ? "127.0.0.1" : host
            guard let address = SocketAddress(host: name, port: port) else {
                throw StartError("cannot listen at \(self): give the host by its IP address")
            }
            return address
        }
    }
}

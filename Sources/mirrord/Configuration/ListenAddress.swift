/// Where a server waits for clients.
enum ListenAddress: Hashable, Sendable {
    /// A TCP port; without a host, on every address of the machine. Port 0 is any free one.
    case tcp(host: String?, port: UInt16)
    /// A Unix socket at this path.
    case unix(path: String)

    /// Reads `host:port`, `:port` or `[address]:port`.
    init?(tcp text: String) {
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
}

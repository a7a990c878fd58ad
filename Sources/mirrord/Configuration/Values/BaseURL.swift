/// The scheme, host, port and leading path of a server: `https://registry.example.com/mirror`.
struct BaseURL: Hashable, Sendable {
    enum Scheme: String, Sendable {
        case http, https

        var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    var scheme: Scheme
    /// Lower case; an IPv6 address stands without brackets.
    var host: String
    var port: UInt16
    /// Begins with a slash and does not end with one; empty for the root.
    var path = ""

    /// Why a text is not such a URL, as advice.
    struct Fault: Error, Hashable, Sendable {
        let advice: String
    }

    init(scheme: Scheme, host: String, port: UInt16, path: String = "") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    init(_ text: String) throws(Fault) {
        guard let separator = text.firstRange(of: "://") else {
            guard !text.contains("@") else { throw Self.userFault }
            throw Fault(advice: "write the scheme too: https://\(text)")
        }
        guard let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else {
            throw Fault(advice: "the scheme must be https or http")
        }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else { throw Self.userFault }
        guard !path.contains(where: { "?#".contains($0) || $0.isWhitespace }) else {
            throw Fault(advice: "leave out all from the ?, # or space on")
        }
        let (host, port) = try Self.hostAndPort(authority, scheme: scheme)
        self.init(scheme: scheme, host: host, port: port, path: Self.trimmed(path))
    }

    /// Not repeated in the advice: what stands before the @ is a secret.
    private static let userFault = Fault(
        advice: "write the user under username and password, not in the URL")

    /// The URL of a registry to mirror: without `/v2`, which every registry has below it.
    init(registry text: String) throws(Fault) {
        try self.init(text)
        guard !path.hasSuffix("/v2") else { throw Fault(advice: "leave out the /v2 at its end") }
        guard !["docker.io", "www.docker.com", "hub.docker.com"].contains(host) else {
            throw Fault(advice: "Docker Hub's registry is https://registry-1.docker.io")
        }
    }

    private static func hostAndPort(
        _ authority: Substring, scheme: Scheme
    ) throws(Fault) -> (String, UInt16) {
        var host = authority
        var port = scheme.defaultPort
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt16(digits), number > 0
            else { throw Fault(advice: "the port must be a number from 1 to 65535") }
            port = number
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw Fault(advice: "the host is missing") }
        guard host.utf8.allSatisfy({ isHostByte($0, inAddress: isBracketed) }) else {
            throw Fault(advice: "the host may hold letters, digits, dots and hyphens only")
        }
        return (host.lowercased(), port)
    }

    private static func isHostByte(_ byte: UInt8, inAddress: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        case UInt8(ascii: ":"), UInt8(ascii: "%"): inAddress
        default: false
        }
    }

    private static func trimmed(_ path: Substring) -> String {
        var path = path
        while path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }
}

extension BaseURL: CustomStringConvertible {
    /// Host and port, without the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// The URL as text, with its port only where it is not the scheme's own.
    var description: String { "\(scheme.rawValue)://\(authority)\(path)" }
}

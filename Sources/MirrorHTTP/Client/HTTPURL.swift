/// Where requests of one kind go: scheme, host and port (RFC 9110 section 4.3.1).
public struct HTTPOrigin: Hashable, Sendable, CustomStringConvertible {
    /// How a server is spoken to.
    public enum Scheme: String, Hashable, Sendable {
        /// In the clear.
        case http
        /// Over TLS.
        case https

        /// The port that goes without saying.
        public var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    /// How the server is spoken to.
    public let scheme: Scheme
    /// The host in lower case, an IPv6 address without brackets.
    public let host: String
    /// The port.
    public let port: UInt16

    /// Puts an origin together.
    public init(scheme: Scheme, host: String, port: UInt16? = nil) {
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? scheme.defaultPort
    }

    /// What the `Host` field says: a default port is left out.
    public var authority: String {
        port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)"
    }

    /// Host and port, whichever it is.
    var hostAndPort: String { "\(bracketedHost):\(port)" }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Such as `https://registry-1.docker.io`.
    public var description: String { "\(scheme.rawValue)://\(authority)" }
}

/// An absolute `http` or `https` URL (RFC 3986), as far as a client needs to know it.
public struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    /// Scheme, host and port.
    public let origin: HTTPOrigin
    /// Path and query as they stand in a request; begins with `/`, printable ASCII only.
    public let target: String

    /// Puts a URL together; nil when `target` does not begin with `/` or holds bytes that must
    /// be percent-encoded.
    public init?(origin: HTTPOrigin, target: String) {
        guard target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") })
        else { return nil }
        self.origin = origin
        self.target = target
    }

    /// Parses an absolute URL; nil for other schemes, for one with a user name, and for what is
    /// not a URL. A fragment is dropped.
    public init?(_ text: String) {
        guard let parts = URLParts(text), parts.userInfo == nil,
            let scheme = HTTPOrigin.Scheme(rawValue: parts.scheme)
        else { return nil }
        let origin = HTTPOrigin(scheme: scheme, host: parts.host, port: parts.port)
        self.init(origin: origin, target: percentEncodingUnprintable(parts.target))
    }

    /// The path, without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The whole URL. Its query may be a signature: keep it out of logs and errors.
    public var text: String { origin.description + target }

    /// The URL without its query, which may be secret.
    public var description: String {
        target.contains("?") ? "\(origin)\(path)?…" : "\(origin)\(path)"
    }

    /// What a reference such as a `Location` names, seen from this URL (RFC 3986 section 5.2).
    public func resolving(_ reference: String) -> HTTPURL? {
        if reference.hasPrefix("//") {
            return HTTPURL("\(origin.scheme.rawValue):\(reference)")
        }
        let head = reference.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if head.contains(":") { return HTTPURL(reference) }
        let local = percentEncodingUnprintable(String(reference.prefix { $0 != "#" }))
        let joined: String
        if local.isEmpty {
            joined = target
        } else if local.hasPrefix("/") {
            joined = local
        } else if local.hasPrefix("?") {
            joined = path + local
        } else {
            joined = path[...(path.lastIndex(of: "/") ?? path.startIndex)] + local
        }
        return HTTPURL(origin: origin, target: removingDotSegments(joined))
    }
}

/// The parts of a URL of any scheme that has an authority.
struct URLParts {
    let scheme: String
    let userInfo: String?
    let host: String
    let port: UInt16?
    /// Path and query; `/` where there is none.
    let target: String

    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        scheme = text[..<colon].lowercased()
        var rest = text[text.index(after: colon)...]
        guard !scheme.isEmpty, rest.hasPrefix("//") else { return nil }
        rest = rest.dropFirst(2)
        var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest[authority.endIndex...].prefix { $0 != "#" }
        if let at = authority.lastIndex(of: "@") {
            userInfo = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        } else {
            userInfo = nil
        }
        guard let (host, port) = splitHostAndPort(authority) else { return nil }
        self.host = host
        self.port = port
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }
}

/// `host`, `host:port`, `[::1]` or `[::1]:port`; nil when it is none of them.
func splitHostAndPort(_ text: some StringProtocol) -> (host: String, port: UInt16?)? {
    let host: String
    var rest: Substring
    if text.hasPrefix("[") {
        guard let end = text.firstIndex(of: "]") else { return nil }
        host = String(text[text.index(after: text.startIndex)..<end])
        guard host.utf8.allSatisfy({ hexValue($0) != nil || $0 == 0x3a || $0 == 0x2e }) else {
            return nil
        }
        rest = Substring(text[text.index(after: end)...])
    } else {
        host = String(text.prefix { $0 != ":" })
        guard host.utf8.allSatisfy(isHostByte) else { return nil }
        rest = Substring(text.dropFirst(host.count))
    }
    guard !host.isEmpty else { return nil }
    guard rest.hasPrefix(":") else { return rest.isEmpty ? (host, nil) : nil }
    rest = rest.dropFirst()
    if rest.isEmpty { return (host, nil) }
    guard rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(rest), port > 0
    else { return nil }
    return (host, port)
}

private func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
    default: false
    }
}

/// Resolves `.` and `..` in the path of `target` (RFC 3986 section 5.2.4).
private func removingDotSegments(_ target: String) -> String {
    let path = target.prefix { $0 != "?" }
    guard path.contains("/.") else { return target }
    var kept: [Substring] = []
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
        let isLast = index == segments.count - 1
        switch segment {
        case ".": if isLast { kept.append("") }
        case "..":
            _ = kept.popLast()
            if isLast { kept.append("") }
        default: kept.append(segment)
        }
    }
    return "/" + kept.joined(separator: "/") + target[path.endIndex...]
}

/// Writes bytes that may not stand in a URL as `%XX` and leaves all others alone.
private func percentEncodingUnprintable(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return text }
    return percentEncoding(text) { $0 > 0x20 && $0 < 0x7f }
}

/// Writes bytes that are not `allowed` as `%XX`.
func percentEncoding(_ text: String, allowed: (UInt8) -> Bool) -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
        if allowed(byte) {
            bytes.append(byte)
        } else {
            bytes.append(UInt8(ascii: "%"))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Encodes a text as one value of a query: only unreserved characters, `/` and `:` stay.
func queryEncoding(_ text: String) -> String {
    percentEncoding(text) { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

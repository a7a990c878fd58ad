public import MirrorCore

/// A proxy that requests are sent by way of.
struct ProxyEndpoint: Hashable, Sendable {
    /// Where it is, and whether it is spoken to over TLS.
    let origin: HTTPOrigin
    /// The value of `Proxy-Authorization`, if it wants one.
    let authorization: Secret?
}

/// Which proxy leads to which origin: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`,
/// upper or lower case, read as Go's programs read them.
public struct ProxySettings: Sendable {
    /// No proxy at all.
    public static let none = ProxySettings(environment: [:])

    private let http: ProxyEndpoint?
    private let https: ProxyEndpoint?
    private let exceptions: [ProxyException]
    /// Whether loopback is never proxied, as Go's programs have it.
    private let sparesLoopback: Bool
    /// What could not be understood, one sentence each; names variables, not their values.
    public let problems: [String]

    /// Reads the settings out of environment variables.
    ///
    /// Within a CGI script `HTTP_PROXY` is whatever a client sent as its `Proxy` field, so it is
    /// left alone where `REQUEST_METHOD` is set (CVE-2016-5385).
    public init(environment: [String: String]) {
        var problems: [String] = []
        func endpoint(_ names: String...) -> ProxyEndpoint? {
            for name in names {
                guard let text = environment[name], !text.isEmpty else { continue }
                if let endpoint = ProxyEndpoint(text) { return endpoint }
                problems.append("\(name) is not the URL of an http or https proxy")
                return nil
            }
            return nil
        }
        let isCGI = environment["REQUEST_METHOD"] != nil
        let all = endpoint("ALL_PROXY", "all_proxy")
        https = endpoint("HTTPS_PROXY", "https_proxy") ?? all
        http = (isCGI ? endpoint("http_proxy") : endpoint("HTTP_PROXY", "http_proxy")) ?? all
        let noProxy = environment["NO_PROXY"].flatMap { $0.isEmpty ? nil : $0 }
        exceptions = ProxyException.list(noProxy ?? environment["no_proxy"] ?? "")
        self.problems = problems
        sparesLoopback = true
    }

    /// One proxy that leads everywhere, `http://user:password@host:port`; nil when `url` is not
    /// the URL of an http or https proxy.
    public init?(everywhere url: Secret) {
        guard let endpoint = ProxyEndpoint(url.revealed) else { return nil }
        http = endpoint
        https = endpoint
        exceptions = []
        problems = []
        sparesLoopback = false
    }

    /// The proxy that leads to `origin`; nil for the direct way.
    func proxy(for origin: HTTPOrigin) -> ProxyEndpoint? {
        guard let proxy = origin.scheme == .https ? https : http else { return nil }
        let address = IPBytes(origin.host)
        let isLoopback = origin.host == "localhost" || address?.isLoopback == true
        if sparesLoopback, isLoopback { return nil }
        return exceptions.contains { $0.covers(origin, address) } ? nil : proxy
    }
}

extension ProxyEndpoint {
    /// Reads `http://user:password@host:port`; a missing scheme means http.
    fileprivate init?(_ text: String) {
        guard let parts = URLParts(text.contains("://") ? text : "http://\(text)"),
            let scheme = HTTPOrigin.Scheme(rawValue: parts.scheme)
        else { return nil }
        origin = HTTPOrigin(scheme: scheme, host: parts.host, port: parts.port)
        guard let userInfo = parts.userInfo else {
            authorization = nil
            return
        }
        guard let plain = percentDecoded(userInfo[...]) else { return nil }
        let credentials = plain.contains(":") ? plain : plain + ":"
        authorization = Secret("Basic \(base64(Array(credentials.utf8)))")
    }
}

/// One entry of `NO_PROXY`.
private enum ProxyException: Sendable {
    case everything
    case network(IPBytes, prefix: Int)
    case address(IPBytes, port: UInt16?)
    /// `example.com` covers itself and what is below it; `.example.com` and `*.example.com` only
    /// what is below.
    case domain(String, coversItself: Bool, port: UInt16?)

    static func list(_ text: String) -> [ProxyException] {
        text.split(separator: ",").compactMap { entry in
            ProxyException(entry.filter { $0 != " " && $0 != "\t" }.lowercased())
        }
    }

    private init?(_ text: String) {
        if text == "*" {
            self = .everything
            return
        }
        if let slash = text.firstIndex(of: "/") {
            guard let network = IPBytes(String(text[..<slash])),
                let prefix = Int(text[text.index(after: slash)...]),
                (0...network.bytes.count * 8).contains(prefix)
            else { return nil }
            self = .network(network, prefix: prefix)
            return
        }
        if let address = IPBytes(text) {
            self = .address(address, port: nil)
            return
        }
        var name = text
        let isBelowOnly = text.hasPrefix(".") || text.hasPrefix("*.")
        if isBelowOnly { name = String(text.drop { $0 == "*" }.dropFirst()) }
        guard let (host, port) = splitHostAndPort(name) else { return nil }
        if let address = IPBytes(host) {
            self = .address(address, port: port)
        } else {
            self = .domain(host, coversItself: !isBelowOnly, port: port)
        }
    }

    func covers(_ origin: HTTPOrigin, _ address: IPBytes?) -> Bool {
        switch self {
        case .everything: return true
        case .network(let network, let prefix):
            return address?.isWithin(network, prefix: prefix) ?? false
        case .address(let own, let port):
            return own == address && (port == nil || port == origin.port)
        case .domain(let name, let coversItself, let port):
            guard address == nil, port == nil || port == origin.port else { return false }
            return coversItself && origin.host == name || origin.host.hasSuffix("." + name)
        }
    }
}

import MirrorHTTP

extension ConfigurationDecoder {
    mutating func http(_ root: ConfigurationSection) -> Configuration.HTTP {
        var http = Configuration.HTTP()
        guard let section = root.section("http") else { return http }
        http.address = address(section) ?? http.address
        http.tls = serverTLS(section)
        http.prefix = prefix(section) ?? http.prefix
        http.headers = headers(section)
        http.debug = debug(section)
        if let timeout = duration("draintimeout", in: section) {
            http.drainTimeout = timeout
            if timeout < .zero, let position = section["draintimeout"]?.position {
                error("http.draintimeout cannot be negative", at: position)
            }
        }
        return http
    }

    private mutating func debug(_ http: ConfigurationSection) -> Configuration.Debug? {
        guard let section = http.section("debug") else { return nil }
        let prometheus = section.section("prometheus")
        let isEnabled = flag("enabled", in: prometheus) ?? false
        let path = metricsPath(prometheus)
        guard let node = section["addr"], let text = node.scalar?.text, !text.isEmpty else {
            if isEnabled {
                warn(
                    "http.debug.prometheus has no effect without http.debug.addr",
                    at: section.position(of: "prometheus") ?? section.position)
            }
            return nil
        }
        guard let address = ListenAddress(tcp: text) else {
            error(
                "http.debug.addr must be host:port, :port or [address]:port, "
                    + "with a port up to 65535", at: node.position)
            return nil
        }
        return Configuration.Debug(address: address, metricsPath: isEnabled ? path : nil)
    }

    private mutating func metricsPath(_ prometheus: ConfigurationSection?) -> String {
        guard let node = prometheus?["path"], let text = node.scalar?.text, !text.isEmpty else {
            return "/metrics"
        }
        if !text.hasPrefix("/") {
            error("http.debug.prometheus.path must be a path such as /metrics", at: node.position)
        }
        return text
    }

    private mutating func address(_ http: ConfigurationSection) -> ListenAddress? {
        let isUnix = choice("net", in: http, [("tcp", false), ("unix", true)]) ?? false
        guard let node = http["addr"], let text = node.scalar?.text else {
            if isUnix {
                error(
                    "http.addr is missing: with net: unix it is the path of the socket",
                    at: http.position(of: "net") ?? http.position)
            }
            return nil
        }
        if isUnix { return .unix(path: text) }
        if let address = ListenAddress(tcp: text) { return address }
        error(
            "http.addr must be host:port, :port or [address]:port, with a port up to 65535",
            at: node.position)
        return nil
    }

    private mutating func prefix(_ http: ConfigurationSection) -> String? {
        guard let node = http["prefix"], let text = node.scalar?.text, !text.isEmpty else {
            return nil
        }
        guard text.hasPrefix("/"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.contains(where: { "?#%".contains($0) })
        else {
            error("http.prefix must be a path such as /registry/", at: node.position)
            return nil
        }
        return text.hasSuffix("/") ? text : text + "/"
    }

    mutating func headers(_ section: ConfigurationSection) -> [Configuration.HTTP.Header] {
        guard let node = section["headers"], case .mapping(let entries) = node.content else {
            return []
        }
        var headers: [Configuration.HTTP.Header] = []
        for entry in entries {
            guard let name = entry.key.scalar?.text else { continue }
            if !Self.isToken(name) {
                error("\"\(name)\" cannot be the name of a header field", at: entry.key.position)
            }
            let values = headerValues(entry.value, of: section.path(of: "headers.\(name)"))
            if !values.isEmpty {
                headers.append(Configuration.HTTP.Header(name: name, values: values))
            }
        }
        return headers
    }

    /// The values of a field: a list, as the reference wants it, or a single one.
    private mutating func headerValues(_ node: YAMLNode, of path: String) -> [String] {
        let items: [YAMLNode] =
            if case .sequence(let items) = node.content { items } else { [node] }
        return items.compactMap { item in
            guard !item.isNull else { return nil }
            guard let text = item.scalar?.text else {
                expected("a list of texts", path, item)
                return nil
            }
            guard text.unicodeScalars.allSatisfy({ $0 == "\t" || ($0 >= " " && $0 != "\u{7F}") })
            else {
                error(
                    "\(path) holds a line break or another control character",
                    at: item.position)
                return nil
            }
            return text
        }
    }

    /// Whether a text may name a header field:
    /// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

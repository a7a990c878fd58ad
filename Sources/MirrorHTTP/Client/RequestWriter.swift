internal import MirrorCore

/// Writes a request as it goes over the wire.
struct RequestWriter {
    /// The proxy that the request goes by, if any.
    let proxy: ProxyEndpoint?

    func bytes(of request: ClientRequest) -> [UInt8] {
        let origin = request.url.origin
        // A proxy is told the whole URL; for https it is only asked for a tunnel, and the server
        // at its end is spoken to as always (RFC 9112 section 3.2).
        let forwarding = origin.scheme == .http ? proxy : nil
        var fields = HTTPFields()
        fields.append(.host, origin.authority)
        if !request.fields.contains(.userAgent) {
            fields.append(.userAgent, ProductVersion.userAgent)
        }
        if let secret = forwarding?.authorization {
            fields.append("Proxy-Authorization", secret.revealed)
        }
        let target = forwarding == nil ? request.url.target : request.url.text
        var bytes = Array("\(request.method.name) \(target) HTTP/1.1\r\n".utf8)
        bytes += fields.bytes
        bytes += request.fields.bytes
        if let body = request.body { bytes += "Content-Length: \(body.count)\r\n".utf8 }
        bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        bytes += request.body ?? []
        return bytes
    }
}

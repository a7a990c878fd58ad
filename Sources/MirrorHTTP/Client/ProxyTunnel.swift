internal import MirrorCore

/// Asks a proxy to carry bytes to and from a server, unread (RFC 9110 section 9.3.6).
struct ProxyTunnel {
    let proxy: ProxyEndpoint
    let target: HTTPOrigin

    /// Makes `stream`, which leads to the proxy, lead to the target.
    func open(over stream: ByteStream, deadline: Deadline) async throws(ClientError) {
        let loop = stream.channel.loop
        let outcome = await withTaskCancellationHandler {
            do throws(TransportError) {
                return Result<HTTPStatus, TransportError>.success(
                    try await ask(over: stream, deadline))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            loop.execute { stream.close() }
        }
        switch outcome {
        case .failure(let error): throw ClientError(error, while: activity)
        case .success(let status) where (200..<300).contains(status.code): return
        case .success(let status):
            throw ClientError(.unreachable, "\(activity): the proxy answers \(status)")
        }
    }

    private var activity: String {
        "asking the proxy \(proxy.origin) for a tunnel to \(target.hostAndPort)"
    }

    private func ask(
        over stream: ByteStream, _ deadline: Deadline
    ) async throws(TransportError) -> HTTPStatus {
        var fields = HTTPFields()
        fields.append(.host, target.hostAndPort)
        fields.append(.userAgent, ProductVersion.userAgent)
        if let secret = proxy.authorization {
            fields.append("Proxy-Authorization", secret.revealed)
        }
        var request = Array("CONNECT \(target.hostAndPort) HTTP/1.1\r\n".utf8)
        request += fields.bytes + Array("\r\n".utf8)
        try await stream.send(request, timeout: deadline.remaining)
        return try await status(from: stream, deadline)
    }

    /// The proxy's answer. Nothing may come after it: the target speaks second in TLS, so what
    /// does come is not the target's.
    private func status(
        from stream: ByteStream, _ deadline: Deadline
    ) async throws(TransportError) -> HTTPStatus {
        let parser = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: true)
        var input = InputBuffer()
        while true {
            if deadline.hasPassed { throw .timedOut }
            if try await input.receive(from: stream, timeout: deadline.remaining) == 0 {
                throw .broken("the proxy closed the connection")
            }
            do throws(HeadError) {
                let found = try input.withBytes { bytes throws(HeadError) in
                    try parser.response(bytes)
                }
                guard let found else { continue }
                input.consume(found.count)
                let isTunnel = (200..<300).contains(found.head.status.code)
                if isTunnel, !input.isEmpty { throw HeadError("bytes follow the proxy's answer") }
                return found.head.status
            } catch {
                throw .broken("the proxy's answer is not HTTP: \(error)")
            }
        }
    }
}

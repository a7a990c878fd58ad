import Testing

@testable import MirrorHTTP

/// Requests that go by way of a proxy.
@Suite(.timeLimit(.minutes(10))) struct ProxyTests {
    private let group = TestLoops.group

    private func client(by proxy: LoopbackServer, trust: TLSTrust = TLSTrust()) -> HTTPClient {
        let address = "http://user:pass@127.0.0.1:\(proxy.port)"
        return HTTPClient(
            group: group,
            proxies: ProxySettings(environment: ["HTTP_PROXY": address, "HTTPS_PROXY": address]),
            trust: trust)
    }

    private func request(_ url: String) throws -> ClientRequest {
        var fields = HTTPFields()
        fields.append(.authorization, "Bearer t")
        return ClientRequest(.get, try #require(HTTPURL(url)), fields: fields)
    }

    // printf 'user:pass' | base64
    private static let credentials = "Basic dXNlcjpwYXNz"

    @Test func aRequestInTheClearNamesTheWholeURL() async throws {
        let proxy = try await LoopbackServer(on: group) { _ in .response("200 OK", body: "x") }
        let client = client(by: proxy)
        let response = try await client.send(request("http://registry.test:8080/v2/?a=b"))
        #expect(try await response.body.collect(limit: 10) == Array("x".utf8))
        #expect(proxy.lines == ["GET http://registry.test:8080/v2/?a=b"])
        #expect(proxy.received[0].field(.host) == "registry.test:8080")
        #expect(proxy.received[0].field("Proxy-Authorization") == Self.credentials)
        #expect(proxy.received[0].field(.authorization) == "Bearer t")
        await client.closeIdleConnections()
    }

    @Test func aRequestOverTLSGoesThroughATunnelThatSeesNothingOfIt() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:registry.test", issuer: root)
        let tls = try leaf.serverContext()
        let proxy = try await LoopbackServer(on: group) { received in
            received.head.method == HTTPMethod("CONNECT")
                ? LoopbackServer.Answer(
                    bytes: Array("HTTP/1.1 200 Fine\r\n\r\n".utf8), secures: tls)
                : .response("200 OK", body: "x")
        }
        try await root.withFile { file in
            let client = client(by: proxy, trust: TLSTrust(rootFiles: [file]))
            let response = try await client.send(request("https://registry.test/v2/"))
            #expect(try await response.body.collect(limit: 10) == Array("x".utf8))
            await client.closeIdleConnections()
        }
        #expect(proxy.lines == ["CONNECT registry.test:443", "GET /v2/"])
        #expect(proxy.received[0].field(.host) == "registry.test:443")
        #expect(proxy.received[0].field("Proxy-Authorization") == Self.credentials)
        #expect(proxy.received[0].field(.authorization) == nil)
        #expect(proxy.received[1].field("Proxy-Authorization") == nil)
        #expect(proxy.received[1].field(.authorization) == "Bearer t")
    }

    /// What a proxy answers, the error that this is, and words of its reason.
    static let refusals: [(String, ClientError.Code, String)] = [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", .unreachable,
            "the proxy answers 407"
        ),
        ("HTTP/1.1 302 Found\r\nLocation: http://a/\r\n\r\n", .unreachable, "302"),
        ("HTTP/1.1 200 OK\r\n\r\nsmuggled", .broken, "bytes follow"),
        ("SSH-2.0-OpenSSH\r\n\r\n", .broken, "not HTTP"),
        ("HTTP/1.1 200 OK\r\n", .broken, "closed the connection"),
        ("", .broken, "closed the connection"),
    ]

    @Test(arguments: refusals)
    func aProxyThatMakesNoTunnelIsNamed(
        _ row: (answer: String, code: ClientError.Code, words: String)
    ) async throws {
        let proxy = try await LoopbackServer(on: group) { _ in .raw(row.answer, closes: true) }
        let error = await #expect(throws: ClientError.self) {
            _ = try await client(by: proxy).send(request("https://registry.test/?secret"))
        }
        #expect(error?.code == row.code)
        #expect(error?.reason.contains(row.words) == true)
        #expect(error?.reason.contains("127.0.0.1:\(proxy.port)") == true)
        #expect(error?.reason.contains("registry.test:443") == true)
        #expect(error?.reason.contains("pass") == false)
        #expect(error?.reason.contains("secret") == false)
        #expect(proxy.lines == ["CONNECT registry.test:443"])
    }

    @Test func aTunnelWithinTLSIsRefusedWithoutAsking() async throws {
        let proxies = ProxySettings(environment: ["HTTPS_PROXY": "https://127.0.0.1:1"])
        let client = HTTPClient(group: group, proxies: proxies)
        let error = await #expect(throws: ClientError.self) {
            _ = try await client.send(request("https://registry.test/"))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.reason.contains("use an http proxy") == true)
    }
}

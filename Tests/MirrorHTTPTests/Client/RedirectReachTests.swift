import MirrorSystem
import Testing

@testable import MirrorHTTP

/// Redirects that lead where a client does not go.
@Suite(.timeLimit(.minutes(10))) struct RedirectReachTests {
    private let group = TestLoops.group

    /// A client for which names lead where a test says.
    private func client(
        _ names: [String: [String]] = [:], trusting hosts: Set<String> = [],
        proxies: ProxySettings = .none
    ) -> HTTPClient {
        let resolver = HostResolver(lookUp: { host in
            .success((names[host] ?? []).compactMap { SocketAddress(host: $0, port: 0) })
        })
        return HTTPClient(
            group: group, proxies: proxies, trustedHosts: hosts, resolver: resolver)
    }

    /// A server that redirects to `place`, with its own port where that says `PORT`, and answers
    /// everything below `/there`.
    private func server(redirectingTo place: String) async throws -> LoopbackServer {
        try await LoopbackServer(on: group) { received in
            if received.head.target.hasPrefix("/there") {
                return .response("200 OK", body: "there")
            }
            let port = received.field(.host)?.split(separator: ":").last ?? ""
            let location = place.replacing("PORT", with: port)
            return .response("307 Temporary Redirect", ["Location: \(location)"])
        }
    }

    private func text(_ client: HTTPClient, _ url: HTTPURL) async throws -> String {
        let response = try await client.send(ClientRequest(.get, url))
        return String(decoding: try await response.body.collect(limit: 100) ?? [], as: UTF8.self)
    }

    private func refusal(_ client: HTTPClient, _ url: HTTPURL) async -> ClientError? {
        await #expect(throws: ClientError.self) { _ = try await text(client, url) }
    }

    static let places = [
        ("http://169.254.169.254/latest", "link-local"), ("http://[fe80::1]/", "link-local"),
        ("http://[::ffff:169.254.169.254]/", "link-local"),
        ("http://[64:ff9b::a9fe:a9fe]/", "link-local"), ("http://10.1.2.3/", "private"),
        ("http://[fd12::1]/", "private"), ("http://100.64.0.1/", "private"),
        ("http://0.0.0.0:PORT/there", "reserved"), ("http://[::]:PORT/there", "reserved"),
    ]

    @Test(arguments: places)
    func aRedirectIntoAnotherNetworkIsRefused(_ place: String, _ kind: String) async throws {
        let server = try await server(redirectingTo: place)
        let error = await refusal(client(), server.url("/start"))
        #expect(error?.code == .redirect)
        #expect(error?.reason.contains("at a \(kind) address") == true)
        #expect(error?.reason.contains("under proxy.redirects") == true)
        #expect(server.lines == ["GET /start"])
    }

    @Test func aNameLeadsWhereItsAddressDoes() async throws {
        let server = try await server(redirectingTo: "http://cdn.test:PORT/there")
        let error = await refusal(client(["cdn.test": ["0.0.0.0"]]), server.url("/start"))
        #expect(error?.code == .redirect)
        #expect(error?.reason.contains("list cdn.test under proxy.redirects") == true)
        #expect(server.lines == ["GET /start"])
        // Of several addresses those that are allowed are used.
        let other = client(["cdn.test": ["0.0.0.0", "127.0.0.1"]])
        #expect(try await text(other, server.url("/start")) == "there")
        await other.closeIdleConnections()
    }

    @Test func aHostThatIsListedMayBeAnywhere() async throws {
        let server = try await server(redirectingTo: "http://cdn.test:PORT/there")
        let client = client(["cdn.test": ["0.0.0.0"]], trusting: ["cdn.test"])
        #expect(try await text(client, server.url("/start")) == "there")
        await client.closeIdleConnections()
    }

    @Test func theHostThatWasAskedMaySendToItself() async throws {
        let server = try await server(redirectingTo: "http://registry.test:PORT/there")
        let client = client(["registry.test": ["0.0.0.0"]])
        let url = server.url("/start", host: "registry.test")
        #expect(try await text(client, url) == "there")
        await client.closeIdleConnections()
    }

    @Test func aConnectionThatIsOpenAlreadyIsNoWayAround() async throws {
        let server = try await server(redirectingTo: "http://other.test:PORT/there")
        let client = client(["other.test": ["0.0.0.0"]])
        // Asked for by name it may be anywhere, and its connection is kept.
        #expect(try await text(client, server.url("/there", host: "other.test")) == "there")
        let error = await refusal(client, server.url("/start"))
        #expect(error?.code == .redirect)
        #expect(server.lines == ["GET /there", "GET /start"])
        await client.closeIdleConnections()
    }

    @Test func behindAProxyOnlyAddressesAreLookedAt() async throws {
        let proxy = try await server(redirectingTo: "http://10.1.2.3/")
        let named = try await server(redirectingTo: "http://cdn.test/there")
        for (server, isRefused) in [(proxy, true), (named, false)] {
            let proxies = ProxySettings(
                environment: ["HTTP_PROXY": "http://127.0.0.1:\(server.port)"])
            let client = client(proxies: proxies)
            let url = try #require(HTTPURL("http://registry.test/start"))
            if isRefused {
                #expect(await refusal(client, url)?.code == .redirect)
            } else {
                // It is told the whole URL, which does not begin with `/there`.
                #expect(await refusal(client, url)?.reason.contains("redirects") == true)
                #expect(server.lines.dropFirst().first == "GET http://cdn.test/there")
            }
            await client.closeIdleConnections()
        }
    }
}

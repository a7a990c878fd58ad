import Testing

@testable import MirrorHTTP

/// Requests that are refused before anybody is asked.
@Suite(.timeLimit(.minutes(10))) struct RefusalTests {
    private static let smuggling = "GET /smuggled HTTP/1.1\r\nHost: m\r\n\r\n"

    private func server() async throws -> ServerUnderTest {
        var limits = ServerLimits()
        limits.head.headByteLimit = 2000
        limits.head.targetByteLimit = 300
        limits.head.fieldCountLimit = 10
        return try await ServerUnderTest(limits) { request in .text(request.head.target) }
    }

    @Test(arguments: [
        ("GET /\(String(repeating: "a", count: 300)) HTTP/1.1\r\nHost: m\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: m\r\nX: \(String(repeating: "a", count: 2000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: m\r\nX: \(String(repeating: "a", count: 4000))", 431),
        ("GET / HTTP/1.1\r\nHost: m\r\n\(String(repeating: "X: y\r\n", count: 10))\r\n", 431),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHost: m\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: m\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: m\r\nX : y\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: m\r\n folded\r\n\r\n", 400),
        ("G\u{1}T / HTTP/1.1\r\nHost: m\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 5x\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: -5\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (
            "POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            400
        ),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ])
    func aRequestThatIsNoneIsRefusedAndTheConnectionEnds(
        _ request: String, _ status: Int
    ) async throws {
        let server = try await server()
        let client = try await server.connect()
        try await client.send(request + Self.smuggling)
        let answer = try await client.receiveAnswer()
        #expect(answer.status == status || request.contains("HTTP/2.0") && answer.status == 505)
        #expect(answer["Connection"] == "close")
        #expect(!answer.body.isEmpty)
        client.endSending()
        let rest = await client.receiveAll()
        #expect(rest.bytes.isEmpty && rest.end == .closed)
        #expect(server.exchanges.all.isEmpty)
    }

    /// In the words of whoever answers, here an API whose errors are JSON.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "a request has exactly one Host field", "UNSUPPORTED"),
        ("nonsense\r\n\r\n", "the request line is not: method, target, version", "UNSUPPORTED"),
    ])
    func aRegistryRefusesInItsOwnWords(
        _ request: String, _ reason: String, _ code: String
    ) async throws {
        let server = try await ServerUnderTest(responder: RegistryUnderTest().responder)
        let client = try await server.connect()
        try await client.send(request)
        let answer = try await client.receiveAnswer()
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer["Docker-Distribution-Api-Version"] == "registry/2.0")
        #expect(answer.text.contains(#""code":"\#(code)""#))
        #expect(answer.text.contains(#""detail":"\#(reason)""#))
    }

    @Test func whatIsJustWithinTheLimitsIsServed() async throws {
        let server = try await server()
        let client = try await server.connect()
        let target = "/" + String(repeating: "a", count: 299)
        let answer = try await client.ask(
            "GET \(target)", "X-Long: \(String(repeating: "b", count: 1500))")
        #expect(answer.text == target)
    }

    @Test func requestsBeforeTheOneThatIsRefusedAreAnswered() async throws {
        let client = try await server().connect()
        try await client.send("GET /good HTTP/1.1\r\nHost: m\r\n\r\nGARBAGE\r\n\r\n")
        #expect(try await client.receiveAnswer().text == "/good")
        #expect(try await client.receiveAnswer().status == 400)
    }
}

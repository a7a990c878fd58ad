import MirrorSystem
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct HTTPClientTests {
    private let group = TestLoops.group

    private func text(_ response: ClientResponse) async throws -> String {
        String(decoding: try await response.body.collect(limit: 1 << 20) ?? [], as: UTF8.self)
    }

    @Test func aBodyIsReadAndTheConnectionUsedAgain() async throws {
        let server = try await LoopbackServer(on: group) { _ in .response("200 OK", body: "hello") }
        let client = HTTPClient(group: group)
        let loop = group.loops[1]
        try await loop.run {
            for _ in 0..<3 {
                let response = try await client.send(ClientRequest(.get, server.url("/a?b=c")))
                #expect(response.head.status == .ok)
                #expect(try await text(response) == "hello")
            }
        }
        #expect(server.lines == Array(repeating: "GET /a?b=c", count: 3))
        #expect(server.connectionCount == 1)
        #expect(server.received[0].field(.host) == "127.0.0.1:\(server.port)")
        #expect(server.received[0].field(.userAgent) == ProductVersion.userAgent)
        await client.closeIdleConnections()
    }

    @Test func aBodyGoesAlongAndNowhereElse() async throws {
        let other = try await LoopbackServer(on: group) { _ in .response("200 OK") }
        let location = other.url("/elsewhere").text
        let server = try await LoopbackServer(on: group) { _ in
            .response("307 Temporary Redirect", ["Location: \(location)"])
        }
        let client = HTTPClient(group: group)
        var request = ClientRequest(.post, server.url("/token"))
        request.body = Array("grant=1".utf8)
        let response = try await client.send(request)
        #expect(response.head.status.code == 307)
        #expect(server.lines == ["POST /token"])
        #expect(server.received[0].body == Array("grant=1".utf8))
        #expect(other.received.isEmpty)
        await client.closeIdleConnections()
    }

    @Test func aRedirectIsAnAnswerWhereItIsNotToBeFollowed() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response("302 Found", ["Location: /elsewhere"])
        }
        let client = HTTPClient(group: group)
        var request = ClientRequest(.head, server.url("/here"))
        request.followsRedirects = false
        #expect(try await client.send(request).head.status.code == 302)
        #expect(server.lines == ["HEAD /here"])
        await client.closeIdleConnections()
    }

    @Test func chunksAreTakenOffAndSeveralBlocksArrive() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
            )
        }
        let client = HTTPClient(group: group)
        let response = try await client.send(ClientRequest(.get, server.url()))
        #expect(response.body.statedLength == nil)
        #expect(try await text(response) == "hello world")
        await client.closeIdleConnections()
    }

    @Test func aHeadWithBareLineFeedsIsTakenAndInterimResponsesAreSkipped() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw(
                "HTTP/1.1 103 Early Hints\r\n\r\n"
                    + "HTTP/1.1 429 Too Many\nRetry-After: 60\nContent-Length: 2\n\nno"
            )
        }
        let client = HTTPClient(group: group)
        let response = try await client.send(ClientRequest(.get, server.url()))
        #expect(response.head.status == .tooManyRequests)
        #expect(response.head.fields[.retryAfter] == "60")
        #expect(try await text(response) == "no")
        await client.closeIdleConnections()
    }

    /// Answers of the kind that servers give although no standard has them, or that are rare.
    static let unusual = [
        // Docker Hub's limit against abuse.
        "HTTP/1.0 429 Too Many Requests\nContent-Type: text/plain\nRetry-After: 60\n\nhello",
        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 \r\nConnection: close\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            + "5 ;x=\"y\"\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    ]

    @Test(arguments: unusual)
    func anUnusualAnswerIsReadToItsEnd(_ answer: String) async throws {
        let server = try await LoopbackServer(on: group) { _ in .raw(answer, closes: true) }
        let client = HTTPClient(group: group)
        let response = try await client.send(ClientRequest(.get, server.url()))
        #expect(try await text(response) == "hello")
    }

    @Test func theLengthThatAHeadStatesIsNotWaitedFor() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        }
        let client = HTTPClient(group: group)
        for _ in 0..<2 {
            let response = try await client.send(ClientRequest(.head, server.url()))
            #expect(response.head.fields[.contentLength] == "1000")
            #expect(try await response.body.next() == nil)
        }
        await client.closeIdleConnections()
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", "HTTP/2 200\r\n\r\n",
    ])
    func whatCannotBeUnderstoodIsMalformed(_ answer: String) async throws {
        let server = try await LoopbackServer(on: group) { _ in .raw(answer, closes: true) }
        let client = HTTPClient(group: group)
        let error = await #expect(throws: ClientError.self) {
            _ = try await client.send(ClientRequest(.get, server.url()))
        }
        #expect(error?.code == .malformed)
    }

    @Test func aConnectionThatTheServerClosedIsReplaced() async throws {
        let server = try await LoopbackServer(on: group) { received in
            received.connection == 1
                ? .raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", closes: true)
                : .response("200 OK", body: "b")
        }
        let client = HTTPClient(group: group)
        let first = try await client.send(ClientRequest(.get, server.url()))
        #expect(try await text(first) == "a")
        let second = try await client.send(ClientRequest(.get, server.url()))
        #expect(try await text(second) == "b")
        await client.closeIdleConnections()
    }

    @Test func aReusedConnectionThatDiesBeforeAnAnswerIsRetriedOnce() async throws {
        let server = try await LoopbackServer(on: group) { received in
            received.head.target == "/second" && received.connection == 1
                ? .raw("", closes: true) : .response("200 OK", body: "x")
        }
        let client = HTTPClient(group: group)
        try await group.loops[0].run {
            _ = try await text(try await client.send(ClientRequest(.get, server.url("/first"))))
            let response = try await client.send(ClientRequest(.get, server.url("/second")))
            #expect(try await text(response) == "x")
        }
        #expect(server.lines == ["GET /first", "GET /second", "GET /second"])
        await client.closeIdleConnections()
    }

    @Test func aFreshConnectionThatDiesIsNotRetried() async throws {
        let server = try await LoopbackServer(on: group) { _ in .raw("", closes: true) }
        let client = HTTPClient(group: group)
        let error = await #expect(throws: ClientError.self) {
            _ = try await client.send(ClientRequest(.get, server.url("/x")))
        }
        #expect(error?.code == .broken)
        #expect(server.lines.count == 1)
    }

    @Test func aBodyCutShortIsAnError() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", closes: true)
        }
        let client = HTTPClient(group: group)
        let response = try await client.send(ClientRequest(.get, server.url()))
        let error = await #expect(throws: ClientError.self) {
            _ = try await response.body.collect(limit: 1000)
        }
        #expect(error?.code == .broken)
    }

    @Test func whatIsLongerThanTheLimitIsNotCollected() async throws {
        let server = try await LoopbackServer(on: group) { _ in .response("200 OK", body: "12345") }
        let client = HTTPClient(group: group)
        let response = try await client.send(ClientRequest(.get, server.url()))
        #expect(try await response.body.collect(limit: 4) == nil)
    }

    @Test func silenceBeforeAHeadTimesOut() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            LoopbackServer.Answer(bytes: [], stalls: true)
        }
        var timeouts = ClientTimeouts()
        timeouts.responseHead = .milliseconds(150)
        let client = HTTPClient(group: group, timeouts: timeouts)
        let error = await #expect(throws: ClientError.self) {
            _ = try await client.send(ClientRequest(.get, server.url("/silent?secret")))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.reason.contains("secret") == false)
    }

    @Test func silenceInABodyTimesOut() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            LoopbackServer.Answer(
                bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8), stalls: true)
        }
        var timeouts = ClientTimeouts()
        timeouts.bodySilence = .milliseconds(150)
        let client = HTTPClient(group: group, timeouts: timeouts)
        let response = try await client.send(ClientRequest(.get, server.url()))
        #expect(try await response.body.next() == Array("abc".utf8))
        let error = await #expect(throws: ClientError.self) { _ = try await response.body.next() }
        #expect(error?.code == .timedOut)
    }

    @Test func cancellingTheTaskEndsARequestThatWaits() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try await LoopbackServer(on: group) { _ in
            arrival.yield()
            return LoopbackServer.Answer(bytes: [], stalls: true)
        }
        let client = HTTPClient(group: group)
        let task = Task {
            try await client.send(ClientRequest(.get, server.url()))
        }
        for await _ in arrived { break }
        task.cancel()
        let result = await task.result
        #expect(throws: ClientError.self) { _ = try result.get() }
    }

    @Test func anAbandonedBodyClosesItsConnection() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            LoopbackServer.Answer(
                bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8), stalls: true)
        }
        let client = HTTPClient(group: group)
        try await group.loops[0].run {
            _ = try await client.send(ClientRequest(.get, server.url()))
            let next = try await client.send(ClientRequest(.get, server.url()))
            next.body.cancel()
        }
        #expect(server.connectionCount == 2)
    }

    @Test func requestsBeyondTheLimitWaitForTheirTurn() async throws {
        let server = try await LoopbackServer(on: group) { _ in .response("200 OK", body: "x") }
        var limits = ClientLimits()
        limits.connectionLimit = 2
        let client = HTTPClient(group: group, limits: limits)
        try await group.loops[0].run {
            try await withThrowingTaskGroup(of: String.self) { tasks in
                for index in 0..<20 {
                    tasks.addTask {
                        try await text(
                            try await client.send(ClientRequest(.get, server.url("/\(index)"))))
                    }
                }
                for try await body in tasks { #expect(body == "x") }
            }
        }
        #expect(server.lines.count == 20)
        #expect(server.connectionCount <= 2)
        await client.closeIdleConnections()
    }

    @Test func nobodyThereIsUnreachable() async throws {
        guard let address = SocketAddress(host: "127.0.0.1", port: 0) else { return }
        var listener: ListeningSocket? = try ListeningSocket(address)
        let port = listener?.address.port
        listener = nil
        let url = try #require(HTTPURL("http://127.0.0.1:\(port ?? 1)/"))
        let client = HTTPClient(group: group)
        let error = await #expect(throws: ClientError.self) {
            _ = try await client.send(ClientRequest(.get, url))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.reason.contains("127.0.0.1:\(port ?? 1)") == true)
    }
}

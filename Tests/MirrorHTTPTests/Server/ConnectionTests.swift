import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// One request after another over one connection.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private func echoingServer() async throws -> ServerUnderTest {
        try await ServerUnderTest { request in .text(request.head.target) }
    }

    @Test func aConnectionServesRequestAfterRequest() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        for target in ["/a", "/b?c=d", "/e"] {
            let answer = try await client.ask("GET \(target)")
            #expect(answer.status == 200)
            #expect(answer.text == target)
            #expect(answer["Connection"] == nil)
        }
        #expect(server.exchanges.all.map(\.request.target) == ["/a", "/b?c=d", "/e"])
        #expect(server.exchanges.all.allSatisfy { $0.failure == nil })
    }

    @Test func everyAnswerHasOneDate() async throws {
        let server = try await echoingServer()
        let answer = try await server.connect().ask("GET /")
        let date = try #require(answer["Date"])
        #expect(date.hasSuffix(" GMT"))
        #expect(date.count == "Sun, 06 Nov 1994 08:49:37 GMT".count)
    }

    @Test func smallAnswersToRequestsThatCameTogetherLeaveTogetherAndInOrder() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        let requests = (1...20).map { "GET /\($0) HTTP/1.1\r\nHost: m\r\n\r\n" }
        try await client.send(requests.joined())
        let bytes = try await client.receiveSome()
        let answers = String(decoding: bytes, as: UTF8.self).split(separator: "HTTP/1.1 200 OK")
        #expect(answers.count == 20)
        for (index, answer) in answers.enumerated() {
            #expect(answer.hasSuffix("\r\n\r\n/\(index + 1)"))
        }
    }

    @Test func manyPipelinedRequestsWithLargeAnswersComeInOrder() async throws {
        let server = try await ServerUnderTest { request in
            .text(String(repeating: request.head.target, count: 20_000))
        }
        let client = try await server.connect()
        try await client.send(
            (1...9).map { "GET /\($0) HTTP/1.1\r\nHost: m\r\n\r\n" }.joined())
        for number in 1...9 {
            let answer = try await client.receiveAnswer()
            #expect(answer.text == String(repeating: "/\(number)", count: 20_000))
        }
    }

    @Test func anAnswerDoesNotWaitForASlowerOneBehindIt() async throws {
        let gate = Gate()
        let server = try await ServerUnderTest { request in
            if request.head.target == "/slow" { await gate.wait() }
            return .text(request.head.target)
        }
        let client = try await server.connect()
        try await client.send(
            "GET /quick HTTP/1.1\r\nHost: m\r\n\r\nGET /slow HTTP/1.1\r\nHost: m\r\n\r\n")
        #expect(try await client.receiveAnswer().text == "/quick")
        gate.open()
        #expect(try await client.receiveAnswer().text == "/slow")
    }

    @Test func aHeadInSinglePiecesIsUnderstood() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        for byte in "GET /slowly HTTP/1.1\r\nHost: m\r\n\r\n" {
            try await client.send(String(byte))
        }
        #expect(try await client.receiveAnswer().text == "/slowly")
    }

    @Test func headHasTheLengthAndNoBody() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        let answer = try await client.ask("HEAD /four")
        #expect(answer["Content-Length"] == "5")
        // Were there a body, it would stand before this answer.
        #expect(try await client.ask("GET /next").text == "/next")
        #expect(server.exchanges.all.map(\.bytesSent) == [0, 5])
    }

    @Test func connectionCloseIsHonouredAndConfirmed() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        let answer = try await client.ask("GET /last", "Connection: close")
        #expect(answer["Connection"] == "close")
        #expect(answer.text == "/last")
        let rest = await client.receiveAll()
        #expect(rest.bytes.isEmpty && rest.end == .closed)
    }

    @Test func anHTTP10ConnectionEndsAfterItsAnswer() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        try await client.sendLines("GET /old HTTP/1.0")
        let answer = try await client.receiveAnswer()
        #expect(answer.text == "/old")
        #expect(answer["Connection"] == "close")
        #expect(await client.receiveAll().end == .closed)
    }

    @Test func anHTTP10ConnectionIsKeptWhereBothSidesSaySo() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        for target in ["/one", "/two"] {
            try await client.sendLines("GET \(target) HTTP/1.0", "Connection: keep-alive")
            let answer = try await client.receiveAnswer()
            #expect(answer["Connection"] == "keep-alive")
            #expect(answer.text == target)
        }
    }

    @Test func aClientThatHasEndedItsSideStillGetsItsAnswers() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        try await client.send(
            "GET /a HTTP/1.1\r\nHost: m\r\n\r\nGET /b HTTP/1.1\r\nHost: m\r\n\r\n")
        client.endSending()
        #expect(try await client.receiveAnswer().text == "/a")
        #expect(try await client.receiveAnswer().text == "/b")
        #expect(await client.receiveAll().end == .closed)
    }

    @Test func emptyLinesBeforeARequestAreSkipped() async throws {
        let server = try await echoingServer()
        let client = try await server.connect()
        try await client.send("\r\n\r\nGET /a HTTP/1.1\r\nHost: m\r\n\r\n")
        #expect(try await client.receiveAnswer().text == "/a")
    }

    @Test func theExchangeTellsWhoAskedAndHow() async throws {
        let server = try await ServerUnderTest { _ in
            Response(.notFound, body: .bytes([1, 2, 3]), notes: [.init("cache", "miss")])
        }
        _ = try await server.connect().ask("GET /x", "User-Agent: test/1")
        let exchange = try #require(server.exchanges.all.first)
        #expect(exchange.remoteAddress == "127.0.0.1")
        #expect(exchange.status == .notFound)
        #expect(exchange.bytesSent == 3)
        #expect(exchange.notes == [.init("cache", "miss")])
        #expect(exchange.request.fields[.userAgent] == "test/1")
    }
}

import Testing

@testable import MirrorHTTP

/// Bodies of requests: wanted and unwanted.
@Suite(.timeLimit(.minutes(10))) struct RequestBodyTests {
    private func echo() async throws -> ServerUnderTest {
        try await ServerUnderTest { request in
            guard let bytes = await request.wholeBody() else { return .text("broken") }
            return Response(.ok, body: .bytes(bytes))
        }
    }

    private func refusing() async throws -> ServerUnderTest {
        try await ServerUnderTest { request in
            request.head.method == .get ? .text("next") : .text("no", .methodNotAllowed)
        }
    }

    @Test func aSizedBodyIsRead() async throws {
        let client = try await echo().connect()
        for text in ["hello", "", String(repeating: "0123456789", count: 30_000)] {
            try await client.send(
                "POST / HTTP/1.1\r\nHost: m\r\nContent-Length: \(text.count)\r\n\r\n\(text)")
            #expect(try await client.receiveAnswer().text == text)
        }
    }

    @Test func aChunkedBodyIsRead() async throws {
        let client = try await echo().connect()
        let head = "POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n"
        for _ in 0..<2 {
            try await client.send(head + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: z\r\n\r\n")
            #expect(try await client.receiveAnswer().text == "hello world")
        }
    }

    @Test func whatFollowsABodyIsTheNextRequest() async throws {
        let client = try await echo().connect()
        try await client.send(
            "POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 3\r\n\r\nabc"
                + "POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1\r\nd\r\n0\r\n\r\n"
                + "POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 2\r\n\r\nef")
        for text in ["abc", "d", "ef"] {
            #expect(try await client.receiveAnswer().text == text)
        }
    }

    @Test func aBodyThatBreaksOffIsNoBody() async throws {
        let client = try await echo().connect()
        try await client.send("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 10\r\n\r\nabc")
        client.endSending()
        #expect(try await client.receiveAnswer().text == "broken")
        #expect(await client.receiveAll().end == .closed)
    }

    @Test(arguments: ["5\nhello", "xyz\r\n", "5\r\nhelloX", "fffffffffffffffff\r\n"])
    func chunksThatAreNoneEndTheConnection(_ body: String) async throws {
        let client = try await echo().connect()
        try await client.send(
            "POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
        let answer = try await client.receiveAnswer()
        #expect(answer.text == "broken")
        #expect(answer["Connection"] == "close")
        #expect(await client.receiveAll().end == .closed)
    }

    // MARK: Expect

    @Test func leaveToSendIsGivenWhenTheBodyIsWanted() async throws {
        let client = try await echo().connect()
        try await client.sendLines(
            "PUT / HTTP/1.1", "Host: m", "Content-Length: 5", "Expect: 100-continue")
        #expect(try await client.receiveAnswer().status == 100)
        try await client.send("hello")
        #expect(try await client.receiveAnswer().text == "hello")
        #expect(try await client.ask("GET /").status == 200)
    }

    @Test func aBodyThatNobodyWantsIsAnsweredWithoutIt() async throws {
        let client = try await refusing().connect()
        try await client.sendLines(
            "POST /v2/a/blobs/uploads/ HTTP/1.1", "Host: m", "Content-Length: 1000000000",
            "Expect: 100-continue")
        let answer = try await client.receiveAnswer()
        #expect(answer.status == 405)
        #expect(answer.text == "no")
        #expect(answer["Connection"] == "close")
        client.endSending()
        #expect(await client.receiveAll().end == .closed)
    }

    @Test func anExpectationThatCannotBeMetIsRefused() async throws {
        let client = try await echo().connect()
        try await client.sendLines(
            "PUT / HTTP/1.1", "Host: m", "Content-Length: 5", "Expect: the-unexpected")
        #expect(try await client.receiveAnswer().status == 417)
    }

    // MARK: Unwanted bodies

    @Test(arguments: [
        "Content-Length: 60000\r\n\r\n" + String(repeating: "x", count: 60_000),
        "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
    ])
    func aSmallUnwantedBodyIsSkipped(_ rest: String) async throws {
        let client = try await refusing().connect()
        try await client.send("POST / HTTP/1.1\r\nHost: m\r\n\(rest)")
        #expect(try await client.receiveAnswer().status == 405)
        #expect(try await client.ask("GET /").text == "next")
    }

    @Test(arguments: ["Content-Length: 8000000\r\n", "Transfer-Encoding: chunked\r\n"])
    func aLargeUnwantedBodyDoesNotTakeTheAnswerBack(_ framing: String) async throws {
        let client = try await refusing().connect()
        let body = String(repeating: "x", count: 8_000_000)
        let chunk = framing.hasPrefix("T") ? "\(String(body.count, radix: 16))\r\n" : ""
        // All of it is sent before the answer is looked at.
        try await client.send("POST / HTTP/1.1\r\nHost: m\r\n\(framing)\r\n\(chunk)\(body)")
        let answer = try await client.receiveAnswer()
        #expect(answer.status == 405)
        #expect(answer["Connection"] == "close")
        client.endSending()
        #expect(await client.receiveAll().end == .closed)
    }
}

import MirrorCore
import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Connections over TLS, and those that do not become secure.
@Suite(.timeLimit(.minutes(10))) struct TLSConnectionTests {
    private let blob = SampleBlob(seed: 4, size: 3_000_000)

    private func server(_ body: ResponseContent) async throws -> TLSServerUnderTest {
        try await TLSServerUnderTest(respond: { _ in Response(.ok, body: body) })
    }

    private func file(in folder: TemporaryFolder) throws -> FileContent {
        let file = try SharedFile.open("\(folder.path)/blob", for: .creating)
        try file.write(blob.bytes, at: 0)
        return FileContent(FileRegion(file: file, range: 0..<blob.size))
    }

    // MARK: Bodies

    @Test(arguments: [0, 1, 64 << 10, (64 << 10) + 1, 3_000_000] as [Int64])
    func aFileArrivesWhole(_ size: Int64) async throws {
        let folder = try TemporaryFolder()
        let client = try await server(.content(try file(in: folder), 0..<size)).connect()
        for _ in 0..<2 { #expect(try await client.ask("GET /").body == blob.bytes(in: 0..<size)) }
    }

    @Test func bytesInMemoryArriveWhole() async throws {
        let client = try await server(.bytes(blob.bytes)).connect()
        for _ in 0..<2 { #expect(try await client.ask("GET /").body == blob.bytes) }
    }

    @Test func contentOfUnknownSizeArrivesInChunks() async throws {
        let content = TestContent(blob.bytes, tellsSize: false, pieces: 100_003)
        let client = try await server(.content(content, nil)).connect()
        for _ in 0..<2 { #expect(try await client.ask("GET /").body == blob.bytes) }
    }

    @Test func partsOfMemoryAndFilesArriveInTheirOrder() async throws {
        let folder = try TemporaryFolder()
        let file = try file(in: folder)
        let parts = ResponseContent.parts([
            .bytes([1, 2]), .content(file, 5..<400_000), .bytes([3]), .content(file, 0..<10),
        ])
        let expected = [1, 2] + blob.bytes(in: 5..<400_000) + [3] + blob.bytes(in: 0..<10)
        #expect(try await server(parts).connect().ask("GET /").body == expected)
    }

    @Test func aFileThatBecameShorterBreaksTheAnswerOff() async throws {
        let folder = try TemporaryFolder()
        let file = try SharedFile.open("\(folder.path)/blob", for: .creating)
        try file.write(blob.bytes(in: 0..<100_000), at: 0)
        let content = FileContent(FileRegion(file: file, range: 0..<200_000))
        let server = try await server(.content(content, nil))
        let client = try await server.connect()
        let received = try await client.ask("GET /").body.count
        #expect(received == 100_000)
        await server.server.exchanges.completed()
        let failure = server.server.exchanges.all.first?.failure
        #expect(failure?.contains("the stored file is shorter than it was") == true)
    }

    @Test func requestBodiesAreReceived() async throws {
        let server = try await TLSServerUnderTest(respond: { request in
            .text("\(await request.wholeBody()?.count ?? -1)")
        })
        let client = try await server.connect()
        try await client.send("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 100000\r\n\r\n")
        try await client.send(String(repeating: "x", count: 100_000))
        #expect(try await client.receiveAnswer().text == "100000")
    }

    @Test func requestsThatComeTogetherAreAnsweredInTheirOrder() async throws {
        let server = try await TLSServerUnderTest(respond: { .text($0.head.target) })
        let client = try await server.connect()
        let requests = (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: m\r\n\r\n" }
        try await client.send(requests.joined())
        for index in 0..<50 { #expect(try await client.receiveAnswer().text == "/\(index)") }
    }

    // MARK: Ends

    @Test func theLastAnswerIsFollowedByTheEndOfTLS() async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.connect()
        #expect(try await client.ask("GET /", "Connection: close").status == 200)
        #expect(try await client.receive(1).isEmpty)
    }

    @Test func aRefusedRequestIsFollowedByTheEndOfTLS() async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.connect()
        try await client.send("no request\r\n\r\n")
        #expect(try await client.receiveAnswer().status == 400)
        #expect(try await client.receive(1).isEmpty)
    }

    @Test func aStopEndsIdleConnectionsAndThoseThatShakeHandsAtOnce() async throws {
        let server = try await TLSServerUnderTest()
        let idle = try await server.connect()
        #expect(try await idle.ask("GET /").status == 200)
        let silent = try await server.server.connect()
        let halfway = try await server.server.connect()
        try await halfway.send([0x16, 3, 1, 2, 0])
        await server.server.server.stop(drainingFor: .seconds(300))
        #expect(try await idle.receive(1).isEmpty)
        #expect(await silent.receiveAll().bytes.isEmpty)
        #expect(await halfway.receiveAll().bytes.isEmpty)
    }

    // MARK: What does not become secure

    @Test(arguments: ["GET / HTTP/1.1", "HEAD /v2/ HTTP/1.1", "POST /v2/ HTTP/1.1"])
    func plainHTTPIsToldThatItMustBeSecure(_ line: String) async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.server.connect()
        try await client.sendLines(line, "Host: mirror.test")
        let answer = try await client.receiveAnswer()
        #expect(answer.status == 400)
        #expect(answer.text == "Client sent an HTTP request to an HTTPS server.\n")
        client.endSending()
        #expect(await client.receiveAll().end == .closed)
        #expect(server.server.exchanges.all.isEmpty)
    }

    @Test func otherBytesEndTheConnection() async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.server.connect()
        try await client.send("\0\0\0\0\0\0\0\0")
        client.endSending()
        _ = await client.receiveAll()
        let record = await server.log.record("no TLS with a client")
        #expect(record.error == "the client does not speak TLS")
        #expect(record.level == .info)
    }

    @Test func aClientThatLeavesIsNoNews() async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.server.connect()
        client.close()
        let record = await server.log.record("no TLS with a client")
        #expect(record.level == .debug)
        #expect(record.error == "the client left")
    }

    @Test func aHandshakeThatStallsEnds() async throws {
        var limits = ServerLimits()
        limits.headTimeout = .milliseconds(150)
        let server = try await TLSServerUnderTest(limits)
        let silent = try await server.server.connect()
        let halfway = try await server.server.connect()
        try await halfway.send([0x16, 3, 1, 2, 0])
        #expect(await silent.receiveAll().bytes.isEmpty)
        #expect(await halfway.receiveAll().bytes.isEmpty)
        #expect(await server.log.record("no TLS with a client").error == "timed out")
    }

    @Test func aClientThatDoesNotTrustTheServerIsNamed() async throws {
        let server = try await TLSServerUnderTest()
        let url = try #require(HTTPURL("https://127.0.0.1:\(server.server.server.port)/"))
        let client = HTTPClient(group: TestLoops.group)
        await #expect(throws: ClientError.self) { try await client.send(ClientRequest(.get, url)) }
        let record = await server.log.record("no TLS with a client")
        #expect(record.error.hasPrefix("the client does not accept this server's certificate"))
    }
}

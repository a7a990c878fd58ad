import MirrorCore
import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Bodies of responses from memory, from files and from content of unknown size.
@Suite(.timeLimit(.minutes(10))) struct ResponseBodyTests {
    private let blob = SampleBlob(seed: 3, size: 3_000_000)

    private func server(_ body: ResponseContent) async throws -> ServerUnderTest {
        try await ServerUnderTest { _ in Response(.ok, body: body) }
    }

    /// An open file that holds the blob behind `before` other bytes.
    private func region(in folder: TemporaryFolder, before: Int) throws -> FileRegion {
        let file = try SharedFile.open("\(folder.path)/blob", for: .creating)
        try file.write([UInt8](repeating: 0, count: before) + blob.bytes, at: 0)
        let start = Int64(before)
        return FileRegion(file: file, range: start..<start + blob.size)
    }

    // MARK: Whole bodies

    @Test(arguments: [0, 1, 32 << 10, (32 << 10) + 1, 3_000_000] as [Int64])
    func bytesInMemoryArriveWhole(_ count: Int64) async throws {
        let bytes = blob.bytes(in: 0..<count)
        let server = try await server(.bytes(bytes))
        let client = try await server.connect()
        for _ in 0..<2 {
            let answer = try await client.ask("GET /")
            #expect(answer["Content-Length"] == "\(count)")
            #expect(answer["Transfer-Encoding"] == nil)
            #expect(answer.body == bytes)
        }
        #expect(server.exchanges.all.map(\.bytesSent) == [count, count])
    }

    @Test func contentOfAKnownSizeArrivesInPieces() async throws {
        let content = TestContent(blob.bytes, pieces: 100_003)
        let client = try await server(.content(content, nil)).connect()
        #expect(try await client.ask("GET /").body == blob.bytes)
        #expect(try await client.ask("GET /").body == blob.bytes)
    }

    @Test func aRangeOfContentArrives() async throws {
        let content = TestContent(blob.bytes, pieces: 1000)
        let server = try await ServerUnderTest { _ in
            Response(.partialContent, body: .content(content, 500..<70_001))
        }
        let answer = try await server.connect().ask("GET /")
        #expect(answer["Content-Length"] == "69501")
        #expect(answer.body == blob.bytes(in: 500..<70_001))
    }

    @Test func aFileIsSentFromItsOffset() async throws {
        let folder = try TemporaryFolder()
        let region = try region(in: folder, before: 777)
        let content = FileContent(region)
        let server = try await ServerUnderTest { _ in
            Response(.ok, body: .content(content, 777..<777 + 3_000_000))
        }
        let client = try await server.connect()
        for _ in 0..<2 { #expect(try await client.ask("GET /").body == blob.bytes) }
    }

    @Test func partsOfMemoryAndFilesArriveInTheirOrder() async throws {
        let folder = try TemporaryFolder()
        let file = FileContent(try region(in: folder, before: 0))
        let server = try await server(
            .parts([
                .bytes([1, 2]), .content(file, 5..<400_000), .bytes([3]),
                .content(TestContent(blob.bytes), 0..<10), .bytes([]),
            ]))
        let answer = try await server.connect().ask("GET /")
        let expected =
            [1, 2] + blob.bytes(in: 5..<400_000) + [3] + blob.bytes(in: 0..<10)
        #expect(answer["Content-Length"] == "\(expected.count)")
        #expect(answer.body == expected)
    }

    // MARK: Unknown sizes

    @Test func contentOfUnknownSizeIsChunked() async throws {
        let content = TestContent(blob.bytes, tellsSize: false, pieces: 70_000)
        let client = try await server(.content(content, nil)).connect()
        for _ in 0..<2 {
            let answer = try await client.ask("GET /")
            #expect(answer["Content-Length"] == nil)
            #expect(answer["Transfer-Encoding"] == "chunked")
            #expect(answer.body == blob.bytes)
        }
    }

    @Test func emptyContentOfUnknownSizeIsOneLastChunk() async throws {
        let client = try await server(
            .content(TestContent([], tellsSize: false), nil)
        ).connect()
        #expect(try await client.ask("GET /").body.isEmpty)
        #expect(try await client.ask("GET /").status == 200)
    }

    @Test func headOfContentOfUnknownSizeHasNoLengthAndNoBody() async throws {
        let content = TestContent(blob.bytes, tellsSize: false)
        let client = try await server(.content(content, nil)).connect()
        let answer = try await client.ask("HEAD /")
        #expect(answer["Content-Length"] == nil)
        #expect(try await client.ask("HEAD /").status == 200)
    }

    @Test func anHTTP10ClientGetsUnknownSizesUpToTheEndOfTheConnection() async throws {
        let content = TestContent(blob.bytes, tellsSize: false, pieces: 70_000)
        let client = try await server(.content(content, nil)).connect()
        try await client.sendLines("GET / HTTP/1.0", "Connection: keep-alive")
        let head = try await client.receiveHead()
        #expect(!head.contains("Transfer-Encoding"))
        #expect(head.contains("Connection: close\r\n"))
        let rest = await client.receiveAll()
        #expect(rest.bytes == blob.bytes)
        #expect(rest.end == .closed)
    }

    // MARK: Content that has yet to arrive

    @Test func theHeadDoesNotWaitForContentThatHasYetToArrive() async throws {
        let gate = Gate()
        let server = try await ServerUnderTest { [blob] _ in
            Response(
                .partialContent,
                body: .content(LateContent(blob.bytes, behind: gate), 1_000..<3_000))
        }
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        #expect(try await client.receiveHead().contains("Content-Length: 2000\r\n"))
        gate.open()
        #expect(try await client.receive(2000) == blob.bytes(in: 1_000..<3_000))
    }

    @Test func aSizeThatBecomesKnownMeanwhileLeavesTheFramingAsItWas() async throws {
        let gate = Gate()
        let content = LateContent(blob.bytes, behind: gate)
        let client = try await server(.content(content, nil)).connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        #expect(try await client.receiveHead().contains("Transfer-Encoding: chunked\r\n"))
        gate.open()
        let size = String(blob.size, radix: 16)
        let body = try await client.receive(size.utf8.count + 2 + Int(blob.size) + 7)
        #expect(body == Array("\(size)\r\n".utf8) + blob.bytes + Array("\r\n0\r\n\r\n".utf8))
        #expect(try await client.ask("HEAD /")["Content-Length"] == "\(blob.size)")
    }

    @Test func notModifiedHasNeitherLengthNorBody() async throws {
        let server = try await ServerUnderTest { _ in Response(.notModified, body: .bytes([])) }
        let client = try await server.connect()
        for _ in 0..<2 {
            let answer = try await client.ask("GET /")
            #expect(answer["Content-Length"] == nil && answer["Transfer-Encoding"] == nil)
        }
    }

    // MARK: Content that fails

    @Test(arguments: [1, 400_000] as [Int64])
    func sizedContentThatFailsEndsShortAndNothingIsAppended(_ breaksAt: Int64) async throws {
        let content = TestContent(blob.bytes, pieces: 100_000, breaksAt: breaksAt)
        let server = try await server(.content(content, nil))
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        let head = try await client.receiveHead()
        #expect(head.contains("Content-Length: 3000000\r\n"))
        let rest = await client.receiveAll()
        #expect(rest.bytes == blob.bytes(in: 0..<breaksAt))
        await server.exchanges.completed()
        #expect(server.exchanges.all[0].failure?.contains("the digest is wrong") == true)
        #expect(server.exchanges.all[0].bytesSent == breaksAt)
    }

    @Test func chunkedContentThatFailsHasNoLastChunk() async throws {
        let content = TestContent(
            blob.bytes, tellsSize: false, pieces: 100, breaksAt: 250)
        let client = try await server(.content(content, nil)).connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        _ = try await client.receiveHead()
        let rest = await client.receiveAll().bytes
        let chunk = Array("64\r\n".utf8)
        let end = Array("\r\n".utf8)
        #expect(
            rest == chunk + blob.bytes(in: 0..<100) + end + chunk + blob.bytes(in: 100..<200)
                + end + Array("32\r\n".utf8) + blob.bytes(in: 200..<250) + end)
    }

    @Test(arguments: [0, 250] as [Int64])
    func contentThatFailsForAnHTTP10ClientIsResetSoThatItCannotPassForWhole(
        _ breaksAt: Int64
    ) async throws {
        let content = TestContent(
            blob.bytes, tellsSize: false, pieces: 100, breaksAt: breaksAt)
        let client = try await server(.content(content, nil)).connect()
        try await client.sendLines("GET / HTTP/1.0")
        #expect(await client.receiveAll().end == .reset)
    }

    @Test func contentOfWhichTheSizeBecomesKnownAndThatFailsIsResetForAnHTTP10Client() async throws
    {
        let gate = Gate()
        let content = LateContent(blob.bytes, behind: gate, isWrong: true)
        let client = try await server(.content(content, nil)).connect()
        try await client.sendLines("GET / HTTP/1.0")
        #expect(try await client.receiveHead().contains("Connection: close\r\n"))
        gate.open()
        #expect(await client.receiveAll().end == .reset)
    }

    @Test func aFileThatHasBecomeShorterEndsTheBodyShort() async throws {
        let folder = try TemporaryFolder()
        let region = try region(in: folder, before: 0)
        try region.file.truncate(to: 100_000)
        let content = FileContent(region)
        let server = try await server(.content(content, nil))
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        _ = try await client.receiveHead()
        #expect(await client.receiveAll().bytes == blob.bytes(in: 0..<100_000))
        await server.exchanges.completed()
        #expect(server.exchanges.all[0].failure?.hasPrefix("the content: ") == true)
        #expect(content.failedRanges == [0..<3_000_000])
    }

    @Test func contentThatEndsBeforeItsSizeIsAFailure() async throws {
        let content = ShortContent()
        let server = try await server(.content(content, nil))
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        _ = try await client.receiveHead()
        #expect(await client.receiveAll().bytes.isEmpty)
        await server.exchanges.completed()
        #expect(server.exchanges.all[0].failure != nil)
    }
}

/// Content that has nothing of what it promises.
private final class ShortContent: ContentSource {
    var size: Int64? { 10 }
    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? { nil }
}

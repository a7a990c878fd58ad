import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// `GET` and `HEAD /v2/<name>/blobs/<digest>`.
@Suite(.timeLimit(.minutes(10))) struct BlobAPITests {
    private let registry = RegistryUnderTest()
    private let blob = SampleBlob(seed: 5, size: 10_000)

    init() {
        registry.upstream.add(blob)
    }

    private var target: String { "/v2/library/a/blobs/\(blob.digest)" }

    @Test func aBlobComesWithTheFieldsThatClientsNeed() async {
        for _ in 0..<2 {
            let answer = await registry.ask("GET", target)
            #expect(answer.status == .ok)
            #expect(answer.body == blob.bytes)
            #expect(answer.size == 10_000)
            let fields = answer.fields.all.map { "\($0.name): \($0.value)" }.sorted()
            #expect(
                fields == [
                    "Accept-Ranges: bytes",
                    "Cache-Control: max-age=31536000",
                    "Content-Type: application/octet-stream",
                    "Docker-Content-Digest: \(blob.digest)",
                    "Docker-Distribution-Api-Version: registry/2.0",
                    "ETag: \"\(blob.digest)\"",
                ])
        }
    }

    @Test func headSaysTheSameAndDownloadsNothing() async {
        let answer = await registry.ask("HEAD", target)
        #expect(answer.status == .ok)
        #expect(answer.size == 10_000)
        #expect(answer.body == [])
        #expect(answer[.contentType] == "application/octet-stream")
        #expect(answer[.dockerContentDigest] == blob.digest.text)
        #expect(answer[.acceptRanges] == "bytes")
        #expect(registry.upstream.questions == ["info of blob"])
    }

    @Test func theLogIsToldHowTheAnswerCameAbout() async {
        #expect(await registry.ask("HEAD", target).note("cache") == .string("miss"))
        #expect(await registry.ask("GET", target).note("cache") == .string("miss"))
        var last = await registry.ask("GET", target)
        // The fill may still be on its way to the storage.
        while last.note("cache") == .string("coalesced") {
            last = await registry.ask("GET", target)
        }
        #expect(last.note("cache") == .string("hit"))
    }

    @Test(arguments: ["\"DIGEST\"", "DIGEST", "W/\"DIGEST\"", "*", "\"x\" , \"DIGEST\""])
    func aClientThatHasItGetsNotModified(_ condition: String) async {
        let value = condition.replacing("DIGEST", with: blob.digest.text)
        for method in ["GET", "HEAD"] {
            let answer = await registry.ask(
                method, target, [.ifNoneMatch: value, .range: "bytes=0-1"])
            #expect(answer.status == .notModified)
            #expect(answer.body == [])
            #expect(answer[.etag] == "\"\(blob.digest)\"")
        }
    }

    // MARK: Ranges

    @Test(
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=9990-", 9990..<10_000),
            ("bytes=-5", 9995..<10_000), ("bytes=0-99999", 0..<10_000),
            ("bytes=5-10,8-20", 5..<21), ("bytes=5-10,20000-", 5..<11),
        ] as [(String, Range<Int64>)])
    func oneRangeIsServed(_ field: String, _ range: Range<Int64>) async {
        let answer = await registry.ask("GET", target, [.range: field])
        #expect(answer.status == .partialContent)
        #expect(answer.body == blob.bytes(in: range))
        #expect(answer.size == Int64(range.count))
        #expect(answer[.contentRange] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/10000")
        #expect(answer[.contentType] == "application/octet-stream")
        #expect(answer[.etag] == "\"\(blob.digest)\"")
    }

    @Test func severalRangesAreServedAsParts() async throws {
        let answer = await registry.ask("GET", target, [.range: "bytes=0-1,9000-,-1,500-500"])
        #expect(answer.status == .partialContent)
        #expect(answer[.contentRange] == nil)
        let type = try #require(answer[.contentType])
        let mark = "multipart/byteranges; boundary="
        #expect(type.hasPrefix(mark))
        let boundary = type.dropFirst(mark.count)
        func part(_ range: Range<Int64>) -> [UInt8] {
            let head =
                "\r\n--\(boundary)\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/10000\r\n\r\n"
            return Array(head.utf8) + blob.bytes(in: range)
        }
        let expected =
            part(0..<2) + part(9000..<10_000) + part(500..<501)
            + Array("\r\n--\(boundary)--\r\n".utf8)
        #expect(answer.body == expected)
        #expect(answer.size == Int64(expected.count))
    }

    @Test(arguments: ["bytes=10000-", "bytes=20000-30000,10000-", "bytes=-0", "bytes=5-1"])
    func aRangeBeyondTheEndCannotBeSatisfied(_ field: String) async {
        let answer = await registry.ask("GET", target, [.range: field])
        #expect(answer.status == .rangeNotSatisfiable)
        #expect(answer[.contentRange] == "bytes */10000")
        #expect(answer[.contentType] == "application/json")
        #expect(answer.text.contains(#""code":"RANGE_INVALID""#))
        #expect(answer[.cacheControl] == nil && answer[.etag] == nil)
    }

    @Test(arguments: ["bytes=x", "items=0-1", "bytes", "bytes=1-2,x"])
    func aRangeThatMakesNoSenseMeansTheWhole(_ field: String) async {
        let answer = await registry.ask("GET", target, [.range: field])
        #expect(answer.status == .ok)
        #expect(answer.body == blob.bytes)
    }

    @Test func aRangeOfAnotherVersionMeansTheWhole() async {
        let (own, other) = ("\"\(blob.digest)\"", "\"sha256:0\"")
        let same = await registry.ask("GET", target, [.range: "bytes=1-2", .ifRange: own])
        #expect(same.status == .partialContent)
        for condition in [other, "W/\(own)", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            let answer = await registry.ask(
                "GET", target, [.range: "bytes=1-2", .ifRange: condition])
            #expect(answer.status == .ok)
            #expect(answer.body == blob.bytes)
        }
    }

    @Test func headHasNoRange() async {
        let answer = await registry.ask("HEAD", target, [.range: "bytes=1-2"])
        #expect(answer.status == .ok)
        #expect(answer.size == 10_000)
    }

    @Test func anEmptyBlobIsServed() async {
        let empty = SampleBlob([])
        registry.upstream.add(empty)
        let answer = await registry.ask("GET", "/v2/library/a/blobs/\(empty.digest)")
        #expect(answer.status == .ok)
        #expect(answer.body == [])
    }

    @Test func anUnknownBlobIsBlobUnknown() async {
        let digest = SampleBlob("nobody has this").digest
        for method in ["GET", "HEAD"] {
            let answer = await registry.ask(method, "/v2/library/a/blobs/\(digest)")
            #expect(answer.status == .notFound)
            #expect(answer.text.contains(#""code":"BLOB_UNKNOWN""#))
        }
    }
}

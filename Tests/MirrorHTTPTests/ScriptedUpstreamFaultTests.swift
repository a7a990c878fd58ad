import MirrorCore
import MirrorTesting
import Testing

@Suite struct ScriptedUpstreamFaultTests {
    let upstream: ScriptedUpstream
    let blob = SampleBlob(seed: 7, size: 200_000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    /// Sends one request for the blob and reads to the end of the connection.
    private func exchange(
        _ fields: String..., method: String = "GET"
    ) async throws -> (head: String, body: [UInt8], end: RawClient.End) {
        let client = try await RawClient(host: upstream.host)
        let lines = ["\(method) /v2/a/blobs/\(blob.digest) HTTP/1.1"] + fields + ["", ""]
        try await client.send(lines.joined(separator: "\r\n"))
        let head = try await client.receiveHead()
        let rest = await client.receiveAll()
        return (head, rest.bytes, rest.end)
    }

    @Test func resetsBehindTheByte() async throws {
        upstream.fail(.blob(blob.digest), with: .reset(after: 100_000), .once)
        let answer = try await exchange()
        #expect(answer.head.contains("Content-Length: 200000\r\n"))
        #expect(answer.body == blob.bytes(in: 0..<100_000))
        #expect(answer.end == .reset)
        #expect(upstream.bytesSent(of: blob.digest) == 100_000)
    }

    @Test func closesBehindTheByteCountedFromTheRange() async throws {
        upstream.fail(.blob(), with: .close(after: 10))
        let answer = try await exchange("Range: bytes=5000-")
        #expect(answer.body == blob.bytes(in: 5000..<5010))
        #expect(answer.end == .closed)
    }

    @Test func stallsUntilTheClientGoes() async throws {
        upstream.fail(.blob(), with: .stall(after: 3))
        let client = try await RawClient(host: upstream.host)
        try await client.request("GET /v2/a/blobs/\(blob.digest)")
        _ = try await client.receiveHead()
        #expect(try await client.receive(3) == blob.bytes(in: 0..<3))
        #expect(upstream.requests.first?.isAnswered == false)
        client.close()
        await upstream.answered(.blob())
        #expect(upstream.bytesSent(of: blob.digest) == 3)
    }

    @Test func turnsOneBitOver() async throws {
        upstream.fail(.blob(), with: .flipBit(at: 150_000), .closeBehind, uses: .once)
        let answer = try await exchange("Range: bytes=100000-")
        var expected = blob.bytes(in: 100_000..<200_000)
        expected[50_000] ^= 1
        #expect(answer.body == expected)
    }

    @Test func truncatesAndSaysSo() async throws {
        upstream.fail(.blob(), with: .truncate(to: 1000), .closeBehind, uses: .once)
        let answer = try await exchange()
        #expect(answer.head.contains("Content-Length: 1000\r\n"))
        #expect(answer.body == blob.bytes(in: 0..<1000))
    }

    @Test func statesAWrongLength() async throws {
        upstream.fail(.blob(), with: .contentLength(200_001))
        let answer = try await exchange()
        #expect(answer.head.contains("Content-Length: 200001\r\n"))
        #expect(answer.body.count == 200_000)
        #expect(answer.end == .closed)
    }

    @Test func ignoresARange() async throws {
        upstream.fail(.blob(), with: .ignoreRange, .closeBehind, uses: .always)
        let answer = try await exchange("Range: bytes=5-")
        #expect(answer.head.hasPrefix("HTTP/1.1 200 "))
        #expect(answer.body == blob.bytes)
    }

    @Test func answersWithAnotherContentRange() async throws {
        upstream.fail(
            .blob(), with: .contentRange("bytes 0-4/9"), .closeBehind, uses: .always)
        let answer = try await exchange("Range: bytes=5-9")
        #expect(answer.head.contains("Content-Range: bytes 0-4/9\r\n"))
        #expect(answer.body == blob.bytes(in: 5..<10))
    }

    @Test func sendsChunks() async throws {
        upstream.fail(.blob(), with: .chunked(size: 3), .closeBehind, uses: .once)
        let answer = try await exchange("Range: bytes=0-4")
        #expect(answer.head.contains("Transfer-Encoding: chunked\r\n"))
        #expect(!answer.head.contains("Content-Length"))
        let parts = blob.bytes(in: 0..<5)
        let expected =
            Array("3\r\n".utf8) + parts[..<3] + Array("\r\n2\r\n".utf8) + parts[3...]
            + Array("\r\n0\r\n\r\n".utf8)
        #expect(answer.body == expected)
    }

    @Test func cutsAChunkedBodyWithoutItsLastChunk() async throws {
        upstream.fail(.blob(), with: .chunked(size: 100), .close(after: 250), uses: .once)
        let answer = try await exchange()
        #expect(answer.body.suffix(4) == blob.bytes(in: 248..<250) + Array("\r\n".utf8))
        #expect(upstream.bytesSent(of: blob.digest) == 250)
    }

    @Test func endsTheBodyWithTheConnection() async throws {
        upstream.fail(.blob(), with: .untilClose)
        let answer = try await exchange()
        #expect(!answer.head.contains("Content-Length"))
        #expect(answer.body == blob.bytes)
        #expect(answer.end == .closed)
    }

    @Test func omitsAndReplacesFields() async throws {
        upstream.fail(
            .blob(), with: .omitField("docker-content-digest"), .field("ETag", "x"),
            .closeBehind, uses: .always)
        let answer = try await exchange(method: "HEAD")
        #expect(!answer.head.contains("Docker-Content-Digest"))
        #expect(answer.head.contains("ETag: x\r\n"))
        #expect(answer.body.isEmpty)
    }

    @Test func takesTurnsWithRulesAndSkips() async throws {
        upstream.fail(.blob(), with: .status(503), .once)
        upstream.fail(.blob(), with: .status(404), .times(1).after(1))
        let client = try await RawClient(host: upstream.host)
        var statuses: [Substring] = []
        for _ in 0..<4 {
            try await client.request("HEAD /v2/a/blobs/\(blob.digest)")
            statuses.append(try await client.receiveHead().split(separator: " ")[1])
        }
        #expect(statuses == ["503", "200", "404", "200"])
    }

    @Test func speaksOfTooManyRequestsInBareLineFeeds() async throws {
        upstream.fail(
            .any, with: .bareLineFeed429(retryAfter: 60), .closeBehind, uses: .always)
        let client = try await RawClient(host: upstream.host)
        try await client.request("GET /v2/")
        let answer = String(decoding: await client.receiveAll().bytes, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 429 Too Many Requests\n"))
        #expect(answer.contains("\nRetry-After: 60\n"))
        #expect(!answer.utf8.contains(UInt8(ascii: "\r")))
        #expect(answer.hasSuffix("\n\nToo Many Requests (HAP429).\n"))
    }

    @Test func answersWithGarbageOrNotAtAll() async throws {
        upstream.fail(.any, with: .garbage(Array("SSH-2.0\r\n".utf8)), .once)
        upstream.fail(.any, with: .noAnswer, .once)
        for expected in ["SSH-2.0\r\n", ""] {
            let client = try await RawClient(host: upstream.host)
            try await client.request("GET /v2/")
            let answer = await client.receiveAll()
            #expect(answer.bytes == Array(expected.utf8))
            #expect(answer.end == .closed)
        }
    }

    @Test func sendsTheClientToAForeignRealm() async throws {
        upstream.fail(
            .blob(), with: .challenge(realm: "http://192.0.2.1/t"), .closeBehind,
            uses: .once)
        let answer = try await exchange()
        #expect(answer.head.hasPrefix("HTTP/1.1 401 "))
        #expect(answer.head.contains("Bearer realm=\"http://192.0.2.1/t\""))
    }

    @Test func limitsPullsButNotHeads() async throws {
        let image = SampleImage(seed: 1)
        upstream.add(image, to: "a", tags: "1")
        upstream.limitPulls(to: 1, retryAfter: 7)
        var heads: [String] = []
        for method in ["HEAD", "GET", "GET"] {
            let client = try await RawClient(host: upstream.host)
            try await client.request("\(method) /v2/a/manifests/1")
            heads.append(try await client.receiveHead())
        }
        #expect(heads[0].contains("ratelimit-remaining: 1;w=21600\r\n"))
        #expect(heads[1].hasPrefix("HTTP/1.1 200 "))
        #expect(heads[2].hasPrefix("HTTP/1.1 429 "))
        #expect(heads[2].contains("Retry-After: 7\r\n"))
    }
}

import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@Suite struct ScriptedUpstreamTests {
    let upstream: ScriptedUpstream
    let blob = SampleBlob(seed: 7, size: 200_000)
    var blobLine: String { "GET /v2/library/busybox/blobs/\(blob.digest)" }

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    private func connect() async throws -> RawClient {
        try await RawClient(host: upstream.host)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func servesABlobAndCountsItsBytes() async throws {
        let client = try await connect()
        try await client.request(blobLine)
        let head = try await client.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("Content-Length: 200000\r\n"))
        #expect(head.contains("Docker-Content-Digest: \(blob.digest)\r\n"))
        #expect(try await client.receive(200_000) == blob.bytes)
        #expect(upstream.bytesSent(of: blob.digest) == 200_000)
        #expect(upstream.count(.get, .blob(blob.digest)) == 1)
    }

    @Test func answersHeadWithoutABodyAndKeepsTheConnection() async throws {
        let client = try await connect()
        try await client.request("HEAD /v2/library/busybox/blobs/\(blob.digest)")
        #expect(try await client.receiveHead().contains("Content-Length: 200000\r\n"))
        try await client.request("GET /v2/")
        #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(try await client.receive(2) == Array("{}".utf8))
        #expect(upstream.connectionCount == 1)
        #expect(upstream.bytesSent(of: blob.digest) == 0)
    }

    @Test(arguments: [
        ("bytes=0-9", "bytes 0-9/200000", Int64(0)..<10),
        ("bytes=199990-", "bytes 199990-199999/200000", 199_990..<200_000),
        ("bytes=-5", "bytes 199995-199999/200000", 199_995..<200_000),
        ("bytes=150000-999999", "bytes 150000-199999/200000", 150_000..<200_000),
    ])
    func servesOneRange(field: String, answer: String, range: Range<Int64>) async throws {
        let client = try await connect()
        try await client.request(blobLine, "Range: \(field)")
        let head = try await client.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 206 Partial Content\r\n"))
        #expect(head.contains("Content-Range: \(answer)\r\n"))
        #expect(try await client.receive(range.count) == blob.bytes(in: range))
    }

    @Test func refusesARangeBehindTheEnd() async throws {
        let client = try await connect()
        try await client.request(blobLine, "Range: bytes=200000-")
        let head = try await client.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 416 "))
        #expect(head.contains("Content-Range: bytes */200000\r\n"))
    }

    @Test func servesManifestsByTagAndDigest() async throws {
        let image = SampleImage(seed: 1)
        upstream.add(image, to: "library/busybox", tags: "latest")
        let client = try await connect()
        for reference in ["latest", image.manifest.digest.text] {
            try await client.request("GET /v2/library/busybox/manifests/\(reference)")
            let head = try await client.receiveHead()
            #expect(head.contains("Content-Type: \(MediaType.ociManifest)\r\n"))
            #expect(head.contains("Docker-Content-Digest: \(image.manifest.digest)\r\n"))
            let bytes = try await client.receive(image.manifest.bytes.count)
            #expect(bytes == image.manifest.bytes)
        }
        upstream.removeTag("latest", from: "library/busybox")
        try await client.request("GET /v2/library/busybox/manifests/latest")
        #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 404 "))
    }

    @Test func answersNotModifiedForTheSameManifest() async throws {
        let image = SampleImage(seed: 1)
        upstream.add(image, to: "a", tags: "1")
        let client = try await connect()
        try await client.request(
            "GET /v2/a/manifests/1", "If-None-Match: \"\(image.manifest.digest)\"")
        let head = try await client.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 304 "))
        #expect(!head.contains("Content-Length"))
    }

    @Test func listsTagsPageByPage() async throws {
        let manifest = SampleImage(seed: 1).manifest
        upstream.addManifest(manifest, to: "a/b", tags: "3", "1", "2")
        let client = try await connect()
        try await client.request("GET /v2/a/b/tags/list?n=2")
        var head = try await client.receiveHead()
        #expect(head.contains("Link: </v2/a/b/tags/list?n=2&last=2>; rel=\"next\"\r\n"))
        var expected = #"{"name":"a/b","tags":["1","2"]}"#
        #expect(text(try await client.receive(expected.utf8.count)) == expected)
        try await client.request("GET /v2/a/b/tags/list?n=2&last=2")
        head = try await client.receiveHead()
        #expect(!head.contains("Link:"))
        expected = #"{"name":"a/b","tags":["3"]}"#
        #expect(text(try await client.receive(expected.utf8.count)) == expected)
    }

    @Test func listsReferrersByType() async throws {
        let subject = SampleImage(seed: 1).manifest
        let signature = SampleManifest(
            bytes: Array("{}".utf8), mediaType: .ociManifest, subject: subject.digest,
            artifactType: "application/x.signature")
        upstream.addManifest(subject, to: "a")
        upstream.addManifest(signature, to: "a")
        let client = try await connect()
        for (type, isFound) in [("application%2Fx.signature", true), ("x", false)] {
            try await client.request(
                "GET /v2/a/referrers/\(subject.digest)?artifactType=\(type)",
                "Connection: close")
            let head = try await client.receiveHead()
            #expect(head.contains("OCI-Filters-Applied: artifactType\r\n"))
            let length = try #require(
                head.split(separator: "\r\n").last?.split(separator: " ").last.flatMap {
                    Int($0)
                })
            let body = text(try await client.receive(length))
            #expect(body.contains(signature.digest.text) == isFound)
        }
    }

    // MARK: Gates

    @Test func holdsABlobExactlyAtTheByte() async throws {
        let gate = upstream.holdBlob(blob.digest, at: 70_001)
        let client = try await connect()
        try await client.request(blobLine)
        await gate.reached()
        #expect(upstream.bytesSent(of: blob.digest) == 70_001)
        gate.release(bytes: 9)
        await gate.reached()
        #expect(upstream.bytesSent(of: blob.digest) == 70_010)
        _ = try await client.receiveHead()
        #expect(try await client.receive(70_010) == blob.bytes(in: 0..<70_010))
        gate.release()
        #expect(try await client.receive(129_990) == blob.bytes(in: 70_010..<200_000))
    }

    @Test func holdsSeveralAnswersBeforeTheirHeads() async throws {
        let gate = upstream.hold(.blob().with(method: .head))
        let clients = [try await connect(), try await connect()]
        for client in clients {
            try await client.request("HEAD /v2/a/blobs/\(blob.digest)")
        }
        await gate.reached(2)
        #expect(upstream.requests.allSatisfy { !$0.isAnswered })
        gate.release()
        for client in clients {
            #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 200 "))
        }
        await upstream.untilIdle()
        #expect(gate.heldCount == 0)
    }

    @Test func stopEndsWhatIsHeld() async throws {
        let gate = upstream.holdBlob(at: 10)
        let client = try await connect()
        try await client.request(blobLine)
        await gate.reached()
        upstream.stop()
        _ = try await client.receiveHead()
        let rest = await client.receiveAll()
        #expect(rest.bytes == blob.bytes(in: 0..<10))
        await upstream.untilIdle()
    }

    // MARK: Life

    @Test func refusesWhileStoppedAndComesBackAtTheSamePort() async throws {
        let host = upstream.host
        upstream.stop()
        await #expect(throws: (any Error).self) { try await RawClient(host: host) }
        try upstream.restart()
        #expect(upstream.host == host)
        let client = try await connect()
        try await client.request("GET /v2/")
        #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 200 "))
    }

    @Test func logsWhatWasAsked() async throws {
        let client = try await connect()
        try await client.request(
            "GET /v2/library/busybox/manifests/1.0?ns=docker.io%2Fx", "Accept: a/b",
            "user-agent: test/1")
        _ = try await client.receiveHead()
        await upstream.answered(.manifest("1.0"))
        let request = try #require(upstream.requests.first)
        #expect(request.resource == .manifest(repository: "library/busybox", reference: "1.0"))
        #expect(request.query("ns") == "docker.io/x")
        #expect(request.field("User-Agent") == "test/1")
        #expect(request.status == 404)
        upstream.forgetRequests()
        #expect(upstream.count(.any) == 0)
    }
}

import MirrorCore
import MirrorSystem
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct RegistryUpstreamTests {
    private static let text = "sha256:" + String(repeating: "ab", count: 32)
    private let group = TestLoops.group
    private let repository: RepositoryName
    private let tag: MirrorCore.Tag
    private let digest: Digest

    init() throws {
        repository = try #require(RepositoryName("library/busybox"))
        let latest = MirrorCore.Tag("latest")
        tag = try #require(latest)
        digest = try #require(Digest(Self.text))
    }

    private func upstream(
        _ server: LoopbackServer, path: String = "/", username: String? = nil
    ) -> RegistryUpstream {
        RegistryUpstream(
            server.url(path),
            credentials: username.map {
                RegistryCredentials(username: $0, password: Secret("pass"))
            },
            client: HTTPClient(group: group))
    }

    private func code(_ work: () async throws -> Void) async -> UpstreamError? {
        await #expect(throws: UpstreamError.self) { try await work() }
    }

    @Test func aTagIsResolvedByHeadAlone() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw(
                "HTTP/1.1 200 OK\r\nDocker-Content-Digest: \(Self.text)\r\nContent-Length: 1234\r\n"
                    + "Content-Type: application/vnd.oci.image.index.v1+json\r\n\r\n")
        }
        let resolution = try await upstream(server, path: "/prefix/").resolve(tag, in: repository)
        #expect(resolution.digest == digest)
        #expect(resolution.size == 1234)
        #expect(resolution.mediaType == .ociIndex)
        #expect(resolution.manifest == nil)
        #expect(server.lines == ["HEAD /prefix/v2/library/busybox/manifests/latest"])
        #expect(server.received[0].field(.accept)?.contains(MediaType.dockerList.text) == true)
    }

    @Test func aBlobWhoseBytesDoNotBeginCannotBeHad() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            LoopbackServer.Answer(
                bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8), stalls: true)
        }
        var timeouts = ClientTimeouts()
        timeouts.answer = .milliseconds(150)
        let upstream = RegistryUpstream(
            server.url(), client: HTTPClient(group: group, timeouts: timeouts))
        let error = await code { _ = try await upstream.blob(digest, in: repository, from: 0) }
        #expect(error?.code == .unavailable)
    }

    @Test func aBlobWhoseBytesDoNotBeginIsAskedForOnceMore() async throws {
        let server = try await LoopbackServer(on: group) { request in
            var answer = LoopbackServer.Answer.response("200 OK", body: "123456789")
            if request.connection == 1 {
                answer.bytes.removeLast(9)
                answer.stalls = true
            }
            return answer
        }
        var timeouts = ClientTimeouts()
        timeouts.answer = .seconds(2)
        let upstream = RegistryUpstream(
            server.url(), client: HTTPClient(group: group, timeouts: timeouts))
        let download = try await upstream.blob(digest, in: repository, from: 0)
        #expect(try await download.next() == Array("123456789".utf8))
        #expect(server.connectionCount == 2)
    }

    @Test func bytesBeyondTheRangeThatWasStatedAreRefused() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-8/9\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n")
        }
        let download = try await upstream(server).blob(digest, in: repository, from: 5)
        #expect(await code { while try await download.next() != nil {} }?.code == .invalid)
    }

    @Test(arguments: [
        "404 Not Found", "405 Method Not Allowed", "406 Not Acceptable", "501 Not Implemented",
    ])
    func aServerWithoutReferrersHasNone(_ status: String) async throws {
        let server = try await LoopbackServer(on: group) { _ in .response(status) }
        let error = await code {
            _ = try await upstream(server).referrers(to: digest, in: repository, from: .start)
        }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: ["405 Method Not Allowed", "200 OK"])
    func aTagIsFetchedWhereHeadDoesNotTell(_ status: String) async throws {
        let server = try await LoopbackServer(on: group) { received in
            received.head.method == .head
                ? .response(status)
                : .response("200 OK", ["Content-Type: text/x; a=b"], body: "hello")
        }
        let resolution = try await upstream(server).resolve(tag, in: repository)
        #expect(
            resolution.digest.text
                == "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        #expect(resolution.manifest?.bytes == Array("hello".utf8))
        #expect(server.lines.count == 2)
    }

    /// Status line of an answer, what it means, and how long to wait.
    static let failures: [(String, UpstreamError.Code, Duration?)] = [
        ("404 Not Found", .notFound, nil), ("401 Unauthorized", .denied, nil),
        ("403 Forbidden", .denied, nil), ("500 Oops", .unavailable, nil),
        ("503 Service Unavailable", .unavailable, .seconds(7)),
        ("429 Too Many Requests", .rateLimited, .seconds(7)), ("400 Bad Request", .invalid, nil),
    ]

    @Test(arguments: failures)
    func aFailureIsOneRequestAndNamesItsCause(
        _ row: (String, UpstreamError.Code, Duration?)
    ) async throws {
        let server = try await LoopbackServer(on: group) { received in
            .response(
                row.0, row.2 == nil ? [] : ["Retry-After: 7"],
                body: #"{"errors":[{"code":"CODE","message":"words"}]}"#,
                isHead: received.head.method == .head)
        }
        let upstream = upstream(server)
        let error = await code { _ = try await upstream.manifest(.tag(tag), in: repository) }
        #expect(error?.code == row.1)
        #expect(error?.retryAfter == row.2)
        #expect(error?.reason.contains("GET http://127.0.0.1") == true)
        #expect(error?.reason.contains("CODE: words") == true)
        #expect(server.lines.count == 1)
        let head = await code { _ = try await upstream.resolve(tag, in: repository) }
        #expect(head?.code == row.1)
        #expect(server.lines.count == 2)
    }

    @Test func aManifestBeyondTheLimitIsInvalid() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n")
        }
        let error = await code {
            _ = try await upstream(server).manifest(.digest(digest), in: repository)
        }
        #expect(error?.code == .invalid)
    }

    @Test func aBlobIsReadFromAnOffset() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response("206 Partial Content", ["Content-Range: bytes 3-9/10"], body: "3456789")
        }
        let download = try await upstream(server).blob(digest, in: repository, from: 3)
        #expect(download.offset == 3)
        #expect(download.totalSize == 10)
        #expect(try await download.next() == Array("3456789".utf8))
        #expect(try await download.next() == nil)
        #expect(server.received[0].field(.range) == "bytes=3-")
        #expect(server.received[0].field("Accept-Encoding") == "identity")
    }

    @Test func anUpstreamWithoutRangesStartsOver() async throws {
        let server = try await LoopbackServer(on: group) { _ in .response("200 OK", body: "0123") }
        let download = try await upstream(server).blob(digest, in: repository, from: 3)
        #expect(download.offset == 0)
        #expect(download.totalSize == 4)
        download.cancel()
    }

    @Test(arguments: ["bytes 0-9/10", "bytes 4-9/10", "nonsense"])
    func anotherRangeThanAskedForIsInvalid(_ range: String) async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response("206 Partial Content", ["Content-Range: \(range)"], body: "x")
        }
        let error = await code {
            _ = try await upstream(server).blob(digest, in: repository, from: 3)
        }
        #expect(error?.code == .invalid)
    }

    @Test func aBlobThatEndsWhereItIsAskedForHasNoMoreBytes() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response("416 Range Not Satisfiable", ["Content-Range: bytes */3"], body: "no")
        }
        let upstream = upstream(server)
        let download = try await upstream.blob(digest, in: repository, from: 3)
        #expect(download.totalSize == 3)
        #expect(download.offset == 3)
        #expect(try await download.next() == nil)
        let error = await code {
            _ = try await upstream.blob(digest, in: repository, from: 2)
        }
        #expect(error?.code == .invalid)
    }

    @Test(arguments: [
        "400 Bad Request", "401 Unauthorized", "403 Forbidden", "410 Gone",
    ])
    func aLinkThatIsRefusedIsReplacedOnce(_ status: String) async throws {
        let storage = try await LoopbackServer(on: group) { received in
            received.head.target == "/link1"
                ? .response(status, body: "expired") : .response("200 OK", body: "x")
        }
        let count = Mutex(0)
        let server = try await LoopbackServer(on: group) { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            let location = storage.url("/link\(number)").text
            return .response("307 Temporary Redirect", ["Location: \(location)"])
        }
        let download = try await upstream(server).blob(digest, in: repository, from: 0)
        #expect(try await download.next() == Array("x".utf8))
        #expect(storage.lines == ["GET /link1", "GET /link2"])
    }

    @Test func aLinkThatIsRefusedAgainIsAnError() async throws {
        let storage = try await LoopbackServer(on: group) { _ in .response("403 Forbidden") }
        let server = try await LoopbackServer(on: group) { _ in
            .response("307 Temporary Redirect", ["Location: \(storage.url("/link").text)"])
        }
        let error = await code {
            _ = try await upstream(server).blob(digest, in: repository, from: 0)
        }
        #expect(error?.code == .denied)
        #expect(storage.lines.count == 2)
    }

    @Test(arguments: ["gzip", "br", "zstd"])
    func contentInAnotherEncodingIsInvalid(_ coding: String) async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response("200 OK", ["Content-Encoding: \(coding)"], body: "x")
        }
        let error = await code {
            _ = try await upstream(server).blob(digest, in: repository, from: 0)
        }
        #expect(error?.code == .invalid)
    }

    @Test func aBlobCutShortIsUnavailable() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", closes: true)
        }
        let download = try await upstream(server).blob(digest, in: repository, from: 0)
        #expect(try await download.next() == Array("01234".utf8))
        let error = await code { _ = try await download.next() }
        #expect(error?.code == .unavailable)
    }

    @Test(arguments: ["401 Unauthorized", "403 Forbidden", "405 Method Not Allowed"])
    func aBlobsSizeIsFoundByGetWhereHeadIsRefused(_ status: String) async throws {
        let server = try await LoopbackServer(on: group) { received in
            received.head.method == .head
                ? .response(status)
                : .response("206 Partial Content", ["Content-Range: bytes 0-0/77"], body: "x")
        }
        let info = try await upstream(server).blobInfo(digest, in: repository)
        #expect(info.size == 77)
        #expect(server.received.last?.field(.range) == "bytes=0-0")
    }

    @Test func tagsComeInPages() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response(
                "200 OK", ["Link: </v2/x>; rel=\"next\""], body: #"{"name":"x","tags":["a","b"]}"#)
        }
        let page = try await upstream(server).tags(
            in: repository, from: .behind("z&"), limit: 2)
        #expect(page == TagPage(tags: ["a", "b"], next: .behind("b")))
        #expect(server.lines == ["GET /v2/library/busybox/tags/list?n=2&last=z%26"])
    }

    // MARK: Authentication

    /// A registry that wants a token, and its token service, on one port.
    private func tokenRegistry(
        tokens: @escaping @Sendable (Int) -> LoopbackServer.Answer
    ) async throws -> LoopbackServer {
        let count = Mutex(0)
        return try await LoopbackServer(on: group) { received in
            if received.head.target.hasPrefix("/token") {
                return tokens(
                    count.withLock { count in
                        count += 1
                        return count
                    })
            }
            if received.field(.authorization) == "Bearer good" {
                return .response("200 OK", body: "content")
            }
            let host = received.field(.host) ?? ""
            return .response(
                "401 Unauthorized",
                ["WWW-Authenticate: Bearer realm=\"http://\(host)/token\",service=\"svc\""])
        }
    }

    private static let good = LoopbackServer.Answer.response(
        "200 OK", body: #"{"token":"good","expires_in":300}"#)

    @Test func aTokenIsFetchedOnceForManyAndKept() async throws {
        let server = try await tokenRegistry { _ in Self.good }
        let upstream = upstream(server, username: "me")
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<10 {
                tasks.addTask { _ = try await upstream.manifest(.tag(tag), in: repository) }
            }
            try await tasks.waitForAll()
        }
        let asked = server.received.filter { $0.head.target.hasPrefix("/token") }
        #expect(
            asked.map(\.line) == [
                "GET /token?service=svc&scope=repository:library/busybox:pull&account=me"
            ])
        #expect(asked.first?.field(.authorization) == "Basic bWU6cGFzcw==")
        let before = server.lines.count
        _ = try await upstream.manifest(.tag(tag), in: repository)
        #expect(server.lines.count == before + 1)
    }

    @Test func aTokenThatIsRefusedLaterIsReplaced() async throws {
        let server = try await tokenRegistry { count in
            count == 1 ? .response("200 OK", body: #"{"token":"stale"}"#) : Self.good
        }
        let upstream = upstream(server)
        // The first token is new and refused: final. The next request finds it held.
        let error = await code { _ = try await upstream.manifest(.tag(tag), in: repository) }
        #expect(error?.code == .denied)
        let manifest = try await upstream.manifest(.tag(tag), in: repository)
        #expect(manifest.bytes == Array("content".utf8))
    }

    @Test(arguments: [
        ("429 Too Many Requests", UpstreamError.Code.rateLimited), ("502 Bad", .unavailable),
        ("404 Not Found", .invalid), ("401 Unauthorized", .denied),
    ])
    func aTokenServiceThatFailsIsNotAMissingImage(
        _ status: String, _ expected: UpstreamError.Code
    ) async throws {
        let server = try await tokenRegistry { _ in .response(status) }
        let error = await code {
            _ = try await upstream(server).manifest(.tag(tag), in: repository)
        }
        #expect(error?.code == expected)
        #expect(error?.reason.contains("/token") == true)
        #expect(error?.reason.contains("scope") == false)
    }

    @Test func basicCredentialsAreSentWhereTheyAreAskedFor() async throws {
        let server = try await LoopbackServer(on: group) { received in
            received.field(.authorization) == "Basic bWU6cGFzcw=="
                ? .response("200 OK", body: "x")
                : .response("401 Unauthorized", ["WWW-Authenticate: Basic realm=\"r\""])
        }
        let upstream = upstream(server, username: "me")
        _ = try await upstream.manifest(.tag(tag), in: repository)
        _ = try await upstream.manifest(.tag(tag), in: repository)
        #expect(server.lines.count == 3)
    }

    @Test func aForeignTokenServiceNeverSeesThePassword() async throws {
        let foreign = try await LoopbackServer(on: group) { _ in Self.good }
        let realm = foreign.url("/token").text
        let server = try await LoopbackServer(on: group) { received in
            received.field(.authorization) == "Bearer good"
                ? .response("200 OK", body: "x")
                : .response("401 Unauthorized", ["WWW-Authenticate: Bearer realm=\"\(realm)\""])
        }
        _ = try await upstream(server, username: "me").manifest(.tag(tag), in: repository)
        #expect(foreign.received.count == 1)
        #expect(foreign.received[0].field(.authorization) == nil)
        #expect(!foreign.received[0].head.target.contains("account"))
    }

    @Test func aRedirectElsewhereTakesTheRangeButNoToken() async throws {
        let storage = try await LoopbackServer(on: group) { _ in
            .response("206 Partial Content", ["Content-Range: bytes 1-1/2"], body: "x")
        }
        let location = storage.url("/signed?secret=1").text
        let server = try await tokenRegistry { _ in Self.good }
        let front = try await LoopbackServer(on: group) { received in
            received.field(.authorization) == nil
                ? .response(
                    "401 Unauthorized",
                    ["WWW-Authenticate: Bearer realm=\"\(server.url("/token").text)\""])
                : .response("307 Temporary Redirect", ["Location: \(location)"])
        }
        let download = try await upstream(front).blob(digest, in: repository, from: 1)
        #expect(try await download.next() == Array("x".utf8))
        #expect(front.received.last?.field(.authorization) == "Bearer good")
        #expect(storage.lines == ["GET /signed?secret=1"])
        #expect(storage.received[0].field(.authorization) == nil)
        #expect(storage.received[0].field(.range) == "bytes=1-")
    }
}

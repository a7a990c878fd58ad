import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite struct HeadParserTests {
    private static let strict = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: false)
    private static let lenient = HeadParser(limits: HTTPLimits(), allowsBareLineFeed: true)

    private func request(
        _ text: String, _ parser: HeadParser = strict
    ) throws(HeadError) -> (head: RequestHead, count: Int)? {
        try GuardedBytes(Array(text.utf8)).withSpan { bytes throws(HeadError) in
            try parser.request(bytes)
        }
    }

    private func response(
        _ text: String, _ parser: HeadParser = lenient
    ) throws(HeadError) -> (head: ResponseHead, count: Int)? {
        try GuardedBytes(Array(text.utf8)).withSpan { bytes throws(HeadError) in
            try parser.response(bytes)
        }
    }

    /// Every proper prefix of `text`.
    private func cuts(_ text: String) -> [String] {
        (0..<text.utf8.count).map { String(decoding: text.utf8.prefix($0), as: UTF8.self) }
    }

    static let validRequests: [(text: String, method: HTTPMethod, target: String, fields: Int)] = [
        ("GET / HTTP/1.1\r\n\r\n", .get, "/", 0),
        ("HEAD /v2/a/blobs/x?ns=b HTTP/1.0\r\nHost: a\r\n\r\n", .head, "/v2/a/blobs/x?ns=b", 1),
        ("PUT /x HTTP/1.1\r\nA:1\r\nB: \t 2 \t\r\nA:\r\n\r\n", .other("PUT"), "/x", 3),
        ("GET http://a/b HTTP/1.1\r\nHost: a:1\r\n\r\n", .get, "http://a/b", 1),
        ("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", .other("OPTIONS"), "*", 1),
        ("\r\n\r\nGET /a HTTP/1.1\r\n\r\n", .get, "/a", 0),
        ("get /a HTTP/1.1\r\n\r\n", .other("get"), "/a", 0),
    ]

    @Test(arguments: validRequests)
    func readsARequest(
        _ text: String, _ method: HTTPMethod, _ target: String, _ fields: Int
    ) throws {
        let found = try #require(try request(text))
        #expect(found.head.method == method)
        #expect(found.head.target == target)
        #expect(found.head.fields.count == fields)
        #expect(found.count == text.utf8.count)
        let behind = try #require(try request(text + "GET /next"))
        #expect(behind.count == text.utf8.count)
        for cut in cuts(text) { #expect(try request(cut) == nil, "\(cut.debugDescription)") }
    }

    @Test(arguments: [
        (" / HTTP/1.1\r\n\r\n", 400),
        ("GET  HTTP/1.1\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
        ("GET / a HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1 \r\n\r\n", 400),
        ("GET /\t HTTP/1.1\r\n\r\n", 400),
        ("GET /\u{0} HTTP/1.1\r\n\r\n", 400),
        ("GET /\u{e9} HTTP/1.1\r\n\r\n", 400),
        ("G@T / HTTP/1.1\r\n\r\n", 400),
        ("GET / http/1.1\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\n\r\n", 505),
        ("GET / HTTP/1.10\r\n\r\n", 400),
        ("GET / HTTP/1.x\r\n\r\n", 400),
        ("GET / HTTP/1.1\n\n", 400),
        ("GET / HTTP/1.1\r\nA: 1\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: 1\rB: 2\r\n\r\n", 400),
        ("GET / HTTP/1.1\rHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA : 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA\t: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n A: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: \u{0}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: \u{7f}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA\u{0}: 1\r\n\r\n", 400),
    ])
    func refusesARequest(_ text: String, _ status: Int) {
        let error = #expect(throws: HeadError.self) { try request(text) }
        #expect(error?.status.code == status)
        for cut in cuts(text) {
            #expect((try? request(cut)) == nil, "\(cut.debugDescription)")
        }
    }

    @Test func limitsTargetHeadAndFields() {
        var limits = HTTPLimits()
        limits.headByteLimit = 100
        limits.targetByteLimit = 10
        limits.fieldCountLimit = 3
        let parser = HeadParser(limits: limits, allowsBareLineFeed: false)
        let long = String(repeating: "a", count: 101)
        let cases = [
            ("GET /123456789 HTTP/1.1\r\n\r\n", nil),
            ("GET /1234567890 HTTP/1.1\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\na:\r\nb:\r\nc:\r\n\r\n", nil),
            ("GET / HTTP/1.1\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\na: \(long)\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\na: \(long)", 431),
            (long, 431),
        ]
        for (text, status) in cases {
            var found: Int?
            do throws(HeadError) {
                #expect(try request(text, parser) != nil)
            } catch {
                found = error.status.code
            }
            #expect(found == status, "\(text)")
        }
    }

    static let validResponses: [(text: String, code: Int)] = [
        // RFC 9112 section 4: the reason may be empty, its space may not be missing; it often is.
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200),
        ("HTTP/1.1 404 \r\n\r\n", 404),
        ("HTTP/1.0 500\r\n\r\n", 500),
        ("HTTP/1.1 429 Too Many Requests\nRetry-After: 60\n\n", 429),
        ("HTTP/1.1 999 ?\r\n\n", 999),
    ]

    @Test(arguments: validResponses)
    func readsAResponse(_ text: String, _ code: Int) throws {
        let found = try #require(try response(text))
        #expect(found.head.status.code == code)
        #expect(found.count == text.utf8.count)
        for cut in cuts(text) { #expect(try response(cut) == nil, "\(cut.debugDescription)") }
    }

    @Test(arguments: [
        "HTTP/1.1\r\n\r\n", "HTTP/1.1 \r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 +20 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n", "SSH-2.0\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "\n",
        "HTTP/3 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nA: 1\r\n b\r\n\r\n", "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n",
    ])
    func refusesAResponse(_ text: String) {
        #expect(throws: HeadError.self) { try response(text) }
        for cut in cuts(text) {
            #expect((try? response(cut)) == nil, "\(cut.debugDescription)")
        }
    }
}

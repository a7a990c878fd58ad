import Testing

@testable import MirrorHTTP

@Suite struct BodyFramingTests {
    private func fields(_ lines: [(HTTPFieldName, String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in lines { fields.append(name, value) }
        return fields
    }

    static let requests: [(lines: [(HTTPFieldName, String)], framing: BodyFraming)] = [
        ([], .none),
        ([("Content-Length", "0")], .none),
        ([("content-length", "7")], .length(7)),
        ([("Content-Length", "7"), ("Content-Length", "7")], .length(7)),
        ([("Content-Length", "9223372036854775807")], .length(.max)),
        ([("Transfer-Encoding", "chunked")], .chunked),
        ([("Transfer-Encoding", "Chunked")], .chunked),
    ]

    @Test func framesRequests() throws {
        for (lines, framing) in Self.requests {
            let head = RequestHead(method: .get, target: "/", fields: fields(lines))
            #expect(try BodyFraming(request: head) == framing, "\(lines)")
        }
    }

    static let smuggled: [(lines: [(HTTPFieldName, String)], status: Int)] = [
        ([("Content-Length", "7"), ("Content-Length", "8")], 400),
        ([("Content-Length", "7, 8")], 400), ([("Content-Length", "+7")], 400),
        ([("Content-Length", "-7")], 400), ([("Content-Length", "0x7")], 400),
        ([("Content-Length", "7 ")], 400), ([("Content-Length", "")], 400),
        ([("Content-Length", "9223372036854775808")], 400),
        ([("Content-Length", "7"), ("Transfer-Encoding", "chunked")], 400),
        ([("Transfer-Encoding", "chunked"), ("Content-Length", "0")], 400),
        ([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], 501),
        ([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "identity")], 501),
        ([("Transfer-Encoding", "chunked, identity")], 501),
        ([("Transfer-Encoding", "gzip, chunked")], 501), ([("Transfer-Encoding", "")], 501),
        ([("Transfer-Encoding", "xchunked")], 501), ([("Transfer-Encoding", "chunked;a")], 501),
        ([("Transfer-Encoding", "\"chunked\"")], 501),
    ]

    @Test func refusesRequestsThatCanBeReadInTwoWays() {
        for (lines, status) in Self.smuggled {
            let head = RequestHead(method: .other("POST"), target: "/", fields: fields(lines))
            let error = #expect(throws: HeadError.self, "\(lines)") {
                try BodyFraming(request: head)
            }
            #expect(error?.status.code == status, "\(lines)")
        }
        let old = RequestHead(
            method: .get, target: "/", version: .http10,
            fields: fields([("Transfer-Encoding", "chunked")]))
        #expect(throws: HeadError.self) { try BodyFraming(request: old) }
    }

    @Test func framesResponses() throws {
        let cases: [(HTTPMethod, Int, [(HTTPFieldName, String)], BodyFraming)] = [
            (.get, 200, [], .untilClose),
            (.get, 200, [("Content-Length", "0")], .none),
            (.get, 206, [("Content-Length", "9")], .length(9)),
            (.get, 200, [("Transfer-Encoding", "chunked")], .chunked),
            (.head, 200, [("Content-Length", "9")], .none),
            (.head, 200, [("Transfer-Encoding", "chunked")], .none),
            (.get, 304, [("Content-Length", "9")], .none),
            (.get, 204, [], .none),
            (.get, 100, [], .none),
        ]
        for (method, code, lines, framing) in cases {
            let head = ResponseHead(status: HTTPStatus(code), fields: fields(lines))
            #expect(try BodyFraming(response: head, to: method) == framing, "\(code) \(lines)")
        }
        for lines: [(HTTPFieldName, String)] in [
            [("Transfer-Encoding", "gzip")], [("Content-Length", "1"), ("Content-Length", "2")],
        ] {
            let head = ResponseHead(status: .ok, fields: fields(lines))
            #expect(throws: HeadError.self) { try BodyFraming(response: head, to: .get) }
        }
    }
}

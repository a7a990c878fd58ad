/// How the end of a message's body is known (RFC 9112 section 6.3).
enum BodyFraming: Hashable, Sendable {
    /// There is no body.
    case none
    /// That many bytes follow.
    case length(Int64)
    /// Chunks follow.
    case chunked
    /// The body ends with the connection; responses only.
    case untilClose

    /// The framing of a request. What could be read in two ways is refused: that is how
    /// requests are smuggled.
    init(request head: RequestHead) throws(HeadError) {
        let length = try Self.length(head.fields)
        guard head.fields.contains(.transferEncoding) else {
            self = length.map { $0 == 0 ? .none : .length($0) } ?? .none
            return
        }
        guard length == nil, head.version == .http11 else {
            throw HeadError("Transfer-Encoding does not go with Content-Length or HTTP/1.0")
        }
        guard Self.isChunked(head.fields) else {
            throw HeadError(.notImplemented, "the only transfer coding known here is chunked")
        }
        self = .chunked
    }

    /// The framing of a response to a request of this method.
    init(response head: ResponseHead, to method: HTTPMethod) throws(HeadError) {
        if method == .head || head.status.hasNoBody {
            self = .none
        } else if head.fields.contains(.transferEncoding) {
            guard Self.isChunked(head.fields) else {
                throw HeadError("the only transfer coding known here is chunked")
            }
            self = .chunked
        } else if let length = try Self.length(head.fields) {
            self = length == 0 ? .none : .length(length)
        } else {
            self = .untilClose
        }
    }

    /// The framing of a response that is about to be sent; after HEAD, what would follow GET as far
    /// as it is known. Decided once: the size of content that is still arriving may become known
    /// at any moment.
    init(sending response: Response, to head: RequestHead) {
        if response.status.hasNoBody {
            self = .none
        } else if let size = response.body.size {
            self = .length(size)
        } else if head.method == .head {
            self = .none
        } else {
            self = head.version == .http11 ? .chunked : .untilClose
        }
    }

    private static func isChunked(_ fields: HTTPFields) -> Bool {
        let codings = fields.values(of: .transferEncoding)
        return codings.count == 1 && isSame(codings[0], "chunked")
    }

    /// The stated length; several equal statements count as one (RFC 9110 section 8.6).
    static func length(_ fields: HTTPFields) throws(HeadError) -> Int64? {
        var length: Int64?
        guard fields.contains(.contentLength) else { return nil }
        for value in fields.values(of: .contentLength) {
            guard !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int64(value), length == nil || length == number
            else { throw HeadError("Content-Length is not one number of bytes") }
            length = number
        }
        return length
    }
}

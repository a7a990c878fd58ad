/// The name of a header field; case does not matter (RFC 9110 section 5.1).
public struct HTTPFieldName: Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name as it is written out.
    public let text: String

    /// Checks that `text` is a token (RFC 9110 section 5.6.2); nil when it is not.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy(isTokenByte) else { return nil }
        self.text = text
    }

    /// Names a field in source code.
    public init(stringLiteral text: StaticString) {
        self.text = text.description
    }

    /// Whether `bytes` spell this name in any case.
    func matches(_ bytes: Span<UInt8>) -> Bool {
        let name = text.utf8.span
        guard name.count == bytes.count else { return false }
        for index in 0..<name.count where lowercased(name[index]) != lowercased(bytes[index]) {
            return false
        }
        return true
    }

    /// Two names are equal in any case.
    public static func == (left: HTTPFieldName, right: HTTPFieldName) -> Bool {
        left.matches(right.text.utf8.span)
    }

    /// Feeds the lower-case name.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(lowercased(byte)) }
    }

    /// The name as it is written out.
    public var description: String { text }
}

extension HTTPFieldName {
    static let accept: HTTPFieldName = "Accept"
    static let acceptRanges: HTTPFieldName = "Accept-Ranges"
    static let age: HTTPFieldName = "Age"
    static let allow: HTTPFieldName = "Allow"
    static let authorization: HTTPFieldName = "Authorization"
    static let cacheControl: HTTPFieldName = "Cache-Control"
    static let connection: HTTPFieldName = "Connection"
    static let contentLength: HTTPFieldName = "Content-Length"
    static let contentRange: HTTPFieldName = "Content-Range"
    static let contentType: HTTPFieldName = "Content-Type"
    static let date: HTTPFieldName = "Date"
    static let dockerContentDigest: HTTPFieldName = "Docker-Content-Digest"
    static let dockerAPIVersion: HTTPFieldName = "Docker-Distribution-Api-Version"
    static let etag: HTTPFieldName = "ETag"
    static let expect: HTTPFieldName = "Expect"
    static let host: HTTPFieldName = "Host"
    static let ifNoneMatch: HTTPFieldName = "If-None-Match"
    static let ifRange: HTTPFieldName = "If-Range"
    static let link: HTTPFieldName = "Link"
    static let location: HTTPFieldName = "Location"
    static let ociFiltersApplied: HTTPFieldName = "OCI-Filters-Applied"
    static let ociNamespace: HTTPFieldName = "OCI-Namespace"
    static let range: HTTPFieldName = "Range"
    static let referer: HTTPFieldName = "Referer"
    static let retryAfter: HTTPFieldName = "Retry-After"
    static let transferEncoding: HTTPFieldName = "Transfer-Encoding"
    static let userAgent: HTTPFieldName = "User-Agent"
    static let warning: HTTPFieldName = "Warning"
    static let wwwAuthenticate: HTTPFieldName = "WWW-Authenticate"
    static let xForwardedProto: HTTPFieldName = "X-Forwarded-Proto"
}

@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}

/// Whether `byte` may stand in a token (RFC 9110 section 5.6.2).
@inline(__always)
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"),
        UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"),
        UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"),
        UInt8(ascii: "~"):
        true
    default: false
    }
}

/// A status code (RFC 9110 section 15).
public struct HTTPStatus: Hashable, Sendable, CustomStringConvertible {
    /// Three digits.
    public let code: Int

    /// Wraps a code.
    public init(_ code: Int) {
        self.code = code
    }

    /// The request was carried out.
    public static let ok = HTTPStatus(200)
    /// Part of the content follows.
    public static let partialContent = HTTPStatus(206)
    /// The same content is elsewhere, for good.
    public static let movedPermanently = HTTPStatus(301)
    /// The client's copy is current.
    public static let notModified = HTTPStatus(304)
    /// The request is malformed.
    public static let badRequest = HTTPStatus(400)
    /// Credentials are missing or not accepted.
    public static let unauthorized = HTTPStatus(401)
    /// The request is understood and refused.
    public static let forbidden = HTTPStatus(403)
    /// There is no such thing here.
    public static let notFound = HTTPStatus(404)
    /// The method is not for this resource.
    public static let methodNotAllowed = HTTPStatus(405)
    /// The request did not come in time.
    public static let requestTimeout = HTTPStatus(408)
    /// The body is larger than is taken.
    public static let contentTooLarge = HTTPStatus(413)
    /// The request's target is longer than is taken.
    public static let uriTooLong = HTTPStatus(414)
    /// No part that was asked for exists.
    public static let rangeNotSatisfiable = HTTPStatus(416)
    /// The expectation cannot be met.
    public static let expectationFailed = HTTPStatus(417)
    /// The client asks too often.
    public static let tooManyRequests = HTTPStatus(429)
    /// The header fields are larger than is taken.
    public static let headerFieldsTooLarge = HTTPStatus(431)
    /// The server failed.
    public static let internalServerError = HTTPStatus(500)
    /// What the request needs is not implemented.
    public static let notImplemented = HTTPStatus(501)
    /// The upstream's answer makes no sense.
    public static let badGateway = HTTPStatus(502)
    /// The server cannot do this now.
    public static let serviceUnavailable = HTTPStatus(503)
    /// The version of HTTP is not spoken here.
    public static let versionNotSupported = HTTPStatus(505)

    /// Whether an answer of this status never has a body (RFC 9110 section 6.4.1).
    public var hasNoBody: Bool { code < 200 || code == 204 || code == 304 }

    /// What people call it.
    public var reason: String {
        switch code {
        case 100: "Continue"
        case 200: "OK"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }

    /// Code and reason.
    public var description: String { "\(code) \(reason)" }
}

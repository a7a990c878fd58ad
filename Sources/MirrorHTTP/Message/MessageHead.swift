/// A minor version of HTTP/1.
public enum HTTPVersion: Hashable, Sendable {
    /// HTTP/1.0: one request for each connection unless asked otherwise.
    case http10
    /// HTTP/1.1.
    case http11

    /// As it stands on the wire.
    var text: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        }
    }
}

/// What comes before the body of a request.
public struct RequestHead: Sendable {
    /// What is to be done.
    public var method: HTTPMethod
    /// The target as it was sent: path and query; printable ASCII only.
    public var target: String
    /// The version spoken.
    public var version: HTTPVersion
    /// The header fields.
    public var fields: HTTPFields

    /// Puts a head together.
    public init(
        method: HTTPMethod, target: String, version: HTTPVersion = .http11,
        fields: HTTPFields = HTTPFields()
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
    }

    /// Whether the connection may serve another request after this one (RFC 9112 section 9.3).
    var keepsAlive: Bool {
        switch version {
        case .http11: !fields.contains(.connection, token: "close")
        case .http10: fields.contains(.connection, token: "keep-alive")
        }
    }
}

/// What comes before the body of a response.
public struct ResponseHead: Sendable {
    /// How it went.
    public var status: HTTPStatus
    /// The version spoken.
    public var version: HTTPVersion
    /// The header fields.
    public var fields: HTTPFields

    /// Puts a head together.
    public init(
        status: HTTPStatus, version: HTTPVersion = .http11, fields: HTTPFields = HTTPFields()
    ) {
        self.status = status
        self.version = version
        self.fields = fields
    }

    /// Whether the connection may serve another request after this one (RFC 9112 section 9.3).
    var keepsAlive: Bool {
        switch version {
        case .http11: !fields.contains(.connection, token: "close")
        case .http10: fields.contains(.connection, token: "keep-alive")
        }
    }
}

/// A request method (RFC 9110 section 9).
public enum HTTPMethod: Hashable, Sendable, CustomStringConvertible {
    /// Transfers what is asked for.
    case get
    /// Like GET, without the body.
    case head
    /// Any other, by its name; methods are case-sensitive.
    case other(String)

    /// Gives a server something to work on.
    public static let post = HTTPMethod.other("POST")

    /// Recognises a method by its name.
    public init(_ name: String) {
        switch name {
        case "GET": self = .get
        case "HEAD": self = .head
        default: self = .other(name)
        }
    }

    /// The name as it stands in a request line.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .other(let name): name
        }
    }

    /// The name as it stands in a request line.
    public var description: String { name }
}

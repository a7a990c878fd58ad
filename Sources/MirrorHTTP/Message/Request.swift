internal import Synchronization

/// A request as a value: what a responder needs to know, and no socket.
public struct Request: Sendable {
    /// Tells this request from all others in the log.
    public var id: RequestID
    /// Method, target and header fields.
    public var head: RequestHead
    /// The client's address without its port, as the connection has it.
    public var remoteAddress: String
    /// Who the client is, where it has shown a certificate that was verified.
    public var clientIdentity: TLSClientIdentity?
    /// Reads the body, where there is one.
    public var body: (any RequestBody)?

    /// Puts a request together.
    public init(
        id: RequestID = .next(), head: RequestHead, remoteAddress: String,
        clientIdentity: TLSClientIdentity? = nil, body: (any RequestBody)? = nil
    ) {
        self.id = id
        self.head = head
        self.remoteAddress = remoteAddress
        self.clientIdentity = clientIdentity
        self.body = body
    }
}

/// The body of a request on its way in. A client that waits for `100 Continue` is told to go on
/// when the first bytes are asked for.
public protocol RequestBody: AnyObject, Sendable {
    /// The next bytes; nil at the end.
    func next() async throws(TransportError) -> [UInt8]?
}

/// Tells a request from all others in the log: unique within a process, and with high
/// probability among processes.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    private let number: UInt64

    private static let process = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    /// A new one.
    public static func next() -> RequestID {
        RequestID(number: count.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Hexadecimal digits: those of the process, then those of the request.
    public var description: String {
        let process = String(Self.process, radix: 16)
        return "\(process)-\(String(number, radix: 16))"
    }
}

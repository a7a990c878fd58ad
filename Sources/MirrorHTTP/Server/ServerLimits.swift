/// How much a server takes, and how long it waits.
public struct ServerLimits: Hashable, Sendable {
    /// What is taken of a request's head.
    public var head = HTTPLimits()
    /// Connections at the same time; one more is closed at once.
    public var connectionLimit = 65_536
    /// How long a request's head may take from its first byte to its last.
    public var headTimeout = Duration.seconds(20)
    /// How long a connection may stay open without a request.
    public var idleTimeout = Duration.seconds(120)
    /// How long a client may take no byte of a response, or send none of a body.
    public var silenceTimeout = Duration.seconds(60)
    /// How long a request may wait for the responder. Clients of a mirror turn away after 30
    /// seconds: an error before that sends them to their next registry in good order.
    public var answerTimeout = Duration.seconds(28)
    /// How much of a body that nobody wanted is read so that the connection can go on, in bytes.
    public var unwantedBodyByteLimit: Int64 = 64 << 10
    /// How long a client may go on sending what nobody wants after the last answer of its
    /// connection; after that it may lose the answer.
    public var lingerTimeout = Duration.seconds(30)
    /// How long it may pause in that.
    public var lingerPause = Duration.seconds(2)

    /// The limits by default.
    public init() {}
}

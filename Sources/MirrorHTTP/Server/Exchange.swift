public import MirrorCore

/// A request and what became of it.
public struct Exchange: Sendable {
    /// The request's own id.
    public var id: RequestID
    /// What was asked.
    public var request: RequestHead
    /// The client's address without its port.
    public var remoteAddress: String
    /// Who asked, where that is known.
    public var user: String?
    /// How it was answered.
    public var status: HTTPStatus
    /// Bytes of the body that were sent.
    public var bytesSent: Int64
    /// From the last byte of the request's head to the last byte of the response.
    public var duration: Duration
    /// What the responder wants the log to say.
    public var notes: [LogField]
    /// Why the response did not get to its end, where it did not.
    public var failure: String?
}

/// Is told of every exchange when it has ended. Called on event loops: it must not block.
public protocol ExchangeObserver: Sendable {
    /// `exchange` has ended, well or not.
    func didComplete(_ exchange: Exchange)
}

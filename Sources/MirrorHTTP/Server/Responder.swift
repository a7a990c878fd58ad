/// Answers requests. The registry is one; an embedder's server may be another around it.
public protocol Responder: Sendable {
    /// The answer to `request`. Called on the event loop of the client's connection, so it must
    /// not block.
    func respond(to request: Request) async -> Response
}

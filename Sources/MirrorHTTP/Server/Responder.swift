/// Answers requests. The registry is one; an embedder's server may be another around it.
public protocol Responder: Sendable {
    /// The answer to `request`. Called on the event loop of the client's connection, so it must
    /// not block.
    func respond(to request: Request) async -> Response

    /// What a client is told whose request did not get as far as ``respond(to:)``, or was not
    /// answered in time. Called on the event loop of the client's connection.
    ///
    /// - Parameters:
    ///   - status: of the answer, 400 or more.
    ///   - reason: what is wrong, in a few words.
    func refusal(_ status: HTTPStatus, _ reason: String) -> Response
}

extension Responder {
    /// The reason as plain text.
    public func refusal(_ status: HTTPStatus, _ reason: String) -> Response {
        var fields = HTTPFields(byteCount: 64)
        fields.append(.contentType, "text/plain; charset=utf-8")
        return Response(status, fields, body: .bytes(Array("\(reason)\n".utf8)))
    }
}

internal import MirrorCore

/// How a connection becomes a secure one.
extension ServerConnection {
    /// Secures the connection, within the time that a request's head has.
    ///
    /// - Throws: when it cannot; the client has been told as far as it can be.
    func shakeHands(over tls: TLSServer) async throws(TransportError) {
        isWaitingForRequest = true
        defer { isWaitingForRequest = false }
        let context = await tls.context()
        if stream.channel.isClosed { throw .aborted }
        let session = try TLSSession(server: context, descriptor: stream.channel.descriptor)
        do throws(TransportError) {
            try await stream.secure(by: session, deadline: Deadline(in: server.limits.headTimeout))
        } catch {
            if session.hasMetPlainHTTP {
                let advice = "Client sent an HTTP request to an HTTPS server."
                try await refuse(HeadError(advice))
            } else {
                report(error)
                // What the client still sends must not take back the alert on its way.
                if case .insecure = error { await linger() }
            }
            throw error
        }
        clientIdentity = session.clientIdentity
    }

    /// It is the client's affair, and no error of ours.
    private func report(_ error: TransportError) {
        var level = LogLevel.debug
        if case .insecure = error { level = .info }
        server.logger.log(
            level, "no TLS with a client",
            [
                LogField("http.request.remoteaddr", remoteAddress),
                LogField("error", error.description),
            ])
    }
}

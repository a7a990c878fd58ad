public import MirrorCore
internal import MirrorSystem

extension HealthCheck {
    /// Whether a server answers HEAD of a URL with a status. Redirects are not followed.
    ///
    /// - Parameters:
    ///   - name: what the check is called.
    ///   - request: what is asked for.
    ///   - status: what is expected.
    ///   - client: asks.
    ///   - timeout: until the head of the answer has to be there.
    public static func http(
        _ name: String, _ request: ClientRequest, expecting status: HTTPStatus = .ok,
        by client: HTTPClient, within timeout: Duration, every interval: Duration = .seconds(10),
        threshold: Int = 1
    ) -> HealthCheck {
        var request = request
        request.method = .head
        request.followsRedirects = false
        return HealthCheck(name, every: interval, threshold: threshold) { [request] in
            do throws(ClientError) {
                let response = try await client.send(request, within: timeout)
                response.body.cancel()
                let found = response.head.status
                return found == status ? nil : "it answers \(found)"
            } catch {
                return error.reason
            }
        }
    }

    /// Whether a connection to a port can be made.
    ///
    /// - Parameters:
    ///   - name: what the check is called.
    ///   - group: connects on its loops.
    ///   - timeout: until the connection has to be there.
    public static func tcp(
        _ name: String, host: String, port: UInt16, on group: EventLoopGroup,
        within timeout: Duration, every interval: Duration = .seconds(10), threshold: Int = 1
    ) -> HealthCheck {
        let resolver = HostResolver()
        return HealthCheck(name, every: interval, threshold: threshold) {
            let loop = group.nearest()
            let deadline = Deadline(in: timeout)
            do throws(ClientError) {
                try await loop.run { () async throws(ClientError) in
                    let addresses = try await resolver.addresses(
                        of: host, port: port, on: loop, deadline: deadline)
                    let (descriptor, _) = try await ConnectRace.connect(
                        to: addresses, on: loop, deadline: deadline)
                    StreamSocket.close(descriptor)
                }
                return nil
            } catch {
                return error.reason
            }
        }
    }
}

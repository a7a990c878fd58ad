internal import MirrorSystem

/// Opens connections: name, address, proxy and TLS. Shared by all loops of a client.
struct Connector: Sendable {
    let resolver: HostResolver
    let timeouts: ClientTimeouts

    /// A stream that requests to `key`'s origin can be sent over. Call on the loop.
    func connect(
        to key: PoolKey, on loop: EventLoop, deadline: Deadline
    ) async throws(ClientError) -> ByteStream {
        let channel = try await channel(
            to: key.proxy?.origin ?? key.origin, on: loop, deadline: deadline)
        return ByteStream(channel)
    }

    private func channel(
        to origin: HTTPOrigin, on loop: EventLoop, deadline: Deadline
    ) async throws(ClientError) -> Channel {
        let deadline = deadline.within(timeouts.connect)
        let addresses = try await resolver.addresses(
            of: origin.host, port: origin.port, on: loop, deadline: deadline)
        let descriptor = try await ConnectRace.connect(
            to: addresses, on: loop, deadline: deadline)
        StreamSocket.disableDelay(descriptor)
        do throws(TransportError) {
            return try Channel(owning: descriptor, on: loop)
        } catch {
            throw ClientError(error, while: "connecting to \(origin.hostAndPort)")
        }
    }
}

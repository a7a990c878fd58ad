internal import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Opens connections: name, address, proxy and TLS. Shared by all loops of a client.
final class Connector: Sendable {
    private typealias Preparation = SharedOutcome<Result<TLSContext, TransportError>>

    private let resolver: HostResolver
    private let trust: TLSTrust
    private let identity: TLSIdentity?
    private let timeouts: ClientTimeouts
    private let preparation = Mutex<Preparation?>(nil)

    init(
        resolver: HostResolver, trust: TLSTrust, identity: TLSIdentity?, timeouts: ClientTimeouts
    ) {
        self.resolver = resolver
        self.trust = trust
        self.identity = identity
        self.timeouts = timeouts
    }

    /// A stream that requests to `key`'s origin can be sent over, and where it leads, as far as
    /// that is known. Call on the loop.
    ///
    /// - Throws: when it would lead to where `reach` does not let it, before anything is sent.
    func connect(
        to key: PoolKey, within reach: Reach, on loop: EventLoop, deadline: Deadline
    ) async throws(ClientError) -> (stream: ByteStream, peer: AddressClass?) {
        let first = key.proxy?.origin ?? key.origin
        if key.proxy?.origin.scheme == .https, key.origin.scheme == .https {
            throw ClientError(
                .unreachable,
                "the proxy \(first) is spoken to over TLS, which cannot carry TLS to "
                    + "\(key.origin) too: use an http proxy")
        }
        let stream: ByteStream
        let peer: AddressClass?
        if key.proxy == nil {
            let (channel, address) = try await channel(
                to: first, within: reach, on: loop, deadline: deadline)
            (stream, peer) = (ByteStream(channel), AddressClass(IPBytes(address)))
        } else {
            peer = AddressClass(host: key.origin.host)
            guard reach.permits(peer, of: key.origin.host) else {
                throw Reach.refusal(peer, of: key.origin)
            }
            stream = ByteStream(
                try await channel(to: first, within: nil, on: loop, deadline: deadline).channel)
        }
        do throws(ClientError) {
            if first.scheme == .https { try await secure(stream, to: first, deadline) }
            if let proxy = key.proxy, key.origin.scheme == .https {
                let tunnel = ProxyTunnel(proxy: proxy, target: key.origin)
                try await tunnel.open(over: stream, deadline: deadline.within(timeouts.connect))
                try await secure(stream, to: key.origin, deadline)
            }
        } catch {
            stream.close()
            throw error
        }
        return (stream, peer)
    }

    private func channel(
        to origin: HTTPOrigin, within reach: Reach?, on loop: EventLoop, deadline: Deadline
    ) async throws(ClientError) -> (channel: Channel, address: SocketAddress) {
        let deadline = deadline.within(timeouts.connect)
        var addresses = try await resolver.addresses(
            of: origin.host, port: origin.port, on: loop, deadline: deadline)
        if let reach { addresses = try Self.permitted(addresses, of: origin, by: reach) }
        let (descriptor, address) = try await ConnectRace.connect(
            to: addresses, on: loop, deadline: deadline)
        StreamSocket.disableDelay(descriptor)
        do throws(TransportError) {
            return (try Channel(owning: descriptor, on: loop), address)
        } catch {
            throw ClientError(error, while: "connecting to \(origin.hostAndPort)")
        }
    }

    private static func permitted(
        _ addresses: [SocketAddress], of origin: HTTPOrigin, by reach: Reach
    ) throws(ClientError) -> [SocketAddress] {
        let permitted = addresses.filter {
            reach.permits(AddressClass(IPBytes($0)), of: origin.host)
        }
        if permitted.isEmpty, let refused = addresses.first {
            throw Reach.refusal(AddressClass(IPBytes(refused)), of: origin)
        }
        return permitted
    }

    private func secure(
        _ stream: ByteStream, to origin: HTTPOrigin, _ deadline: Deadline
    ) async throws(ClientError) {
        let loop = stream.channel.loop
        let deadline = deadline.within(timeouts.handshake)
        let outcome = await withTaskCancellationHandler {
            do throws(TransportError) {
                let context = try await context(on: loop, deadline: deadline)
                let session = try TLSSession(
                    client: context, host: origin.host, port: origin.port,
                    descriptor: stream.channel.descriptor)
                return Result<Void, TransportError>.success(
                    try await stream.secure(by: session, deadline: deadline))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            loop.execute { stream.close() }
        }
        if case .failure(let error) = outcome {
            throw ClientError(error, while: "securing the connection to \(origin.hostAndPort)")
        }
    }

    /// Reads the files that TLS needs. Call on the loop.
    func prepare(on loop: EventLoop, deadline: Deadline) async throws(ClientError) {
        do throws(TransportError) { _ = try await context(on: loop, deadline: deadline) } catch {
            throw ClientError(error, while: "setting up TLS")
        }
    }

    /// The context of all connections, made at the first of them: it reads the system's roots,
    /// which blocks. A failure is not remembered.
    private func context(
        on loop: EventLoop, deadline: Deadline
    ) async throws(TransportError) -> TLSContext {
        let preparation = preparation.withLock { held in
            if let held { return held }
            let (trust, identity) = (trust, identity)
            let new = Preparation(on: BlockingPool.shared) {
                do throws(TransportError) {
                    return .success(try TLSContext(client: trust, identity: identity))
                } catch {
                    return .failure(error)
                }
            }
            held = new
            return new
        }
        switch await preparation.value(on: loop, within: deadline.remaining) {
        case .success(let context): return context
        case .failure(let error):
            self.preparation.withLock { held in
                if held === preparation { held = nil }
            }
            throw error
        case nil: throw Task.isCancelled ? .aborted : .timedOut
        }
    }
}

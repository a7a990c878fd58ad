internal import MirrorCore
internal import MirrorSystem

/// Takes the connections of one listener that fall to one loop.
// Safe: used on its loop only, which the loop asserts.
final class Acceptor: ReadinessHandler, @unchecked Sendable {
    /// Connections taken in one turn of the loop, so that those already there get theirs.
    private static let batchLimit = 16

    private let listener: ListeningSocket
    private let server: ServerContext
    private var token: UInt64?
    private var isStopped = false

    var loop: EventLoop { server.loop }

    init(_ listener: ListeningSocket, server: ServerContext) {
        self.listener = listener
        self.server = server
    }

    func start() throws(SystemError) {
        token = try server.loop.register(
            self, descriptor: listener.descriptor, interest: .listener)
    }

    func stop() {
        isStopped = true
        unregister()
    }

    private func unregister() {
        guard let token else { return }
        self.token = nil
        server.loop.unregister(token, descriptor: listener.descriptor)
    }

    func becameReady(_ event: EpollSet.Event) {
        for _ in 0..<Self.batchLimit {
            do throws(SystemError) {
                guard let (descriptor, peer) = try listener.accept() else { return }
                serve(descriptor, peer)
            } catch {
                pause(because: error)
                return
            }
        }
    }

    private func serve(_ descriptor: Int32, _ peer: SocketAddress) {
        guard !server.isFull else {
            server.logger.warning(
                "connection refused: the limit of connections is reached",
                LogField("limit", server.limits.connectionLimit))
            StreamSocket.close(descriptor)
            server.didRefuse()
            return
        }
        if !peer.isUnix { StreamSocket.disableDelay(descriptor) }
        guard let channel = try? Channel(owning: descriptor, on: server.loop) else { return }
        server.serve(ServerConnection(channel, remoteAddress: peer.host, server: server))
    }

    /// Out of descriptors or memory: the listener would be ready again at once, so it is left
    /// alone for a second.
    private func pause(because error: SystemError) {
        server.logger.error("connections cannot be accepted", LogField("error", "\(error)"))
        unregister()
        Task(executorPreference: server.loop) { [self] in
            await server.loop.sleep(for: .seconds(1))
            if !isStopped { try? start() }
        }
    }
}

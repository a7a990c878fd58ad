internal import MirrorHTTP
internal import MirrorSystem
internal import Synchronization

/// A loopback port whose connections an upstream serves. It can stop and come back.
final class UpstreamListener: Sendable {
    private struct Running {
        var socket: ListeningSocket
        /// Posted when the accepting thread has ended.
        var ended: ThreadSignal
    }

    private let reservation: PortReservation
    private let core: UpstreamCore
    private let running = Mutex<Running?>(nil)

    init(core: UpstreamCore) throws(StartError) {
        self.core = core
        do {
            reservation = try PortReservation(host: "127.0.0.1")
        } catch {
            throw StartError("\(error)")
        }
        try start()
    }

    var port: UInt16 { reservation.address.port }

    /// `127.0.0.1:port`.
    var host: String { reservation.address.description }

    /// Listens, unless it does already.
    func start() throws(StartError) {
        do throws(SystemError) {
            try running.withLock { running throws(SystemError) in
                if running != nil { return }
                running = try makeRunning()
            }
        } catch {
            throw StartError("\(error)")
        }
    }

    /// Refuses connections from now on.
    func stop() {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopped else { return }
        stopped.socket.endListening()
        stopped.ended.wait()
    }

    private func makeRunning() throws(SystemError) -> Running {
        let running = Running(
            socket: try ListeningSocket(reservation.address), ended: ThreadSignal())
        let (core, host) = (core, host)
        startDetachedThread(name: "upstream") { [socket = running.socket, ended = running.ended] in
            while let client = socket.acceptWaiting() { core.serve(client, host: host) }
            ended.post()
        }
        return running
    }
}

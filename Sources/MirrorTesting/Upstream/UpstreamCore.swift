internal import MirrorSystem
internal import Synchronization

/// What the threads of an upstream share.
final class UpstreamCore: Sendable {
    private struct Watcher: Sendable {
        var isSatisfied: @Sendable ([UpstreamRequest]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct Guarded {
        var state = UpstreamState()
        var watchers: [Watcher] = []
        var connections: [Int: BlockingSocket] = [:]
        var connectionCount = 0
    }

    private let guarded = Mutex(Guarded())

    /// Reads or changes what the upstream knows.
    func with<Result: Sendable>(_ body: (inout UpstreamState) -> Result) -> Result {
        let (result, satisfied) = guarded.withLock { guarded in
            let result = body(&guarded.state)
            let log = guarded.state.log
            let split = guarded.watchers.partition { $0.isSatisfied(log) }
            defer { guarded.watchers.removeSubrange(split...) }
            return (result, Array(guarded.watchers[split...]))
        }
        for watcher in satisfied { watcher.continuation.resume() }
        return result
    }

    /// Waits until the log satisfies `isSatisfied`.
    func wait(until isSatisfied: @escaping @Sendable ([UpstreamRequest]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDone = guarded.withLock { guarded in
                if isSatisfied(guarded.state.log) { return true }
                guarded.watchers.append(
                    Watcher(isSatisfied: isSatisfied, continuation: continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    // MARK: Connections

    /// How many connections were made so far.
    var connectionCount: Int { guarded.withLock { $0.connectionCount } }

    /// Serves a connection on a thread of its own.
    func serve(_ socket: BlockingSocket, host: String) {
        let number = guarded.withLock { guarded in
            guarded.connectionCount += 1
            guarded.connections[guarded.connectionCount] = socket
            return guarded.connectionCount
        }
        startDetachedThread(name: "upstream") { [self] in
            UpstreamConnection(socket: socket, number: number, host: host, core: self).run()
            socket.end()
            _ = guarded.withLock { $0.connections.removeValue(forKey: number) }
        }
    }

    /// Ends every connection, whatever it is about.
    func endConnections() {
        let sockets = guarded.withLock { Array($0.connections.values) }
        for socket in sockets { socket.end() }
        for gate in with({ $0.gates }) { gate.interrupt() }
    }
}

internal import CLinux
internal import Glibc

/// A connected socket whose calls wait until they are done; for threads that may block.
package final class BlockingSocket: Sendable {
    private let descriptor: Int32

    /// Takes over a descriptor; it is closed with the last reference.
    package init(owning descriptor: Int32) {
        self.descriptor = descriptor
        StreamSocket.disableDelay(descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// Connects, and waits for it.
    package static func connected(
        to address: SocketAddress
    ) throws(SystemError) -> BlockingSocket {
        let socket = BlockingSocket(owning: try StreamSocket.connecting(to: address))
        waitUntilReady(socket.descriptor, for: POLLOUT)
        let failure = StreamSocket.pendingError(socket.descriptor)
        if failure != 0 { throw SystemError("connect", number: failure) }
        return socket
    }

    /// Waits for bytes and takes up to `limit` of them; empty at the peer's end.
    package func receive(limit: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        while true {
            switch try StreamSocket.receive(descriptor, into: &buffer, from: 0) {
            case .moved(let count): return Array(buffer[..<count])
            case .wouldBlock: waitUntilReady(descriptor, for: POLLIN)
            }
        }
    }

    /// Sends what `bytes` holds from index `start` on, at least one byte of it.
    ///
    /// - Returns: the index behind the last byte that the kernel took.
    package func send(_ bytes: [UInt8], from start: Int = 0) throws(SystemError) -> Int {
        while true {
            switch try StreamSocket.send(descriptor, bytes, from: start, isMoreComing: false) {
            case .moved(let count): return start + count
            case .wouldBlock: waitUntilReady(descriptor, for: POLLOUT)
            }
        }
    }

    /// Tells the peer that no more bytes come; it may still send.
    package func endSending() {
        StreamSocket.endSending(descriptor)
    }

    /// Ends both directions and every call that waits.
    package func end() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Breaks the connection: the peer sees a reset behind the bytes it was sent.
    package func reset() {
        waitUntilAcknowledged()
        // A connection that is dissolved (connect(2), AF_UNSPEC) is reset, and the descriptor
        // stays ours, which it would not with a lingering close.
        let nowhere = [UInt8](repeating: 0, count: 16)
        // Safe: the bytes are a sockaddr of the stated length, of the family 0.
        _ = unsafe nowhere.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return Int32(-1) }
            return unsafe connect(
                descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    /// A reset drops what is still to be delivered, so it waits for that, at most a second.
    private func waitUntilAcknowledged() {
        for _ in 0..<1000 where mirrord_unacknowledged(descriptor) > 0 {
            _ = poll(nil, 0, 1)
        }
    }
}

/// Waits until `descriptor` is ready for `events`, or has failed or ended.
private func waitUntilReady(_ descriptor: Int32, for events: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    // Safe: there is one entry, which outlives the call.
    while unsafe poll(&entry, 1, -1) == -1, errno == EINTR {}
}

extension ListeningSocket {
    /// Waits for a connection; nil once ``endListening()`` was called.
    package func acceptWaiting() -> BlockingSocket? {
        while true {
            waitUntilReady(descriptor, for: POLLIN)
            do {
                if let accepted = try accept() {
                    return BlockingSocket(owning: accepted.descriptor)
                }
            } catch {
                return nil
            }
        }
    }
}

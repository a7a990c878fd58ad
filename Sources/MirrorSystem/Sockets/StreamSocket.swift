internal import CLinux
internal import Glibc

/// The calls on a connected socket that does not block. Every one may say "would block".
package enum StreamSocket {
    /// What a call that does not block came to.
    package enum Progress: Hashable, Sendable {
        /// That many bytes were moved; 0 when receiving means that the peer has ended.
        case moved(Int)
        /// Nothing can be moved now.
        case wouldBlock
    }

    /// Starts to connect; ready for writing when it is decided, see ``pendingError(_:)``.
    package static func connecting(to address: SocketAddress) throws(SystemError) -> Int32 {
        let descriptor = try retrying("socket") {
            mirrord_socket(address.family, Int32(SOCK_STREAM.rawValue))
        }
        // Safe: the bytes are a sockaddr of the stated length.
        let result = unsafe address.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return Int32(-1) }
            return unsafe connect(
                descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        if result == 0 || errno == EINPROGRESS || errno == EINTR { return descriptor }
        let error = SystemError.last("connect")
        close(descriptor)
        throw error
    }

    /// How an attempt to connect ended: an errno value, 0 for success.
    package static func pendingError(_ descriptor: Int32) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(4)
        // Safe: the option's value is the four bytes of an int.
        let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length)
        return result == 0 ? value : errno
    }

    /// Whether the socket has a peer.
    package static func isConnected(_ descriptor: Int32) -> Bool {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // Safe: a sockaddr_storage has room for every address.
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getpeername(descriptor, $0, &length) == 0
            }
        }
    }

    /// Sends small writes at once: latency matters more than packets here.
    package static func disableDelay(_ descriptor: Int32) {
        var one: Int32 = 1
        // Safe: the option's value is the four bytes of an int. Unix sockets refuse it; no harm.
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(4))
    }

    /// Receives into `buffer` from index `start` to its end.
    package static func receive(
        _ descriptor: Int32, into buffer: inout [UInt8], from start: Int
    ) throws(SystemError) -> Progress {
        try progress("recv") {
            // Safe: the kernel writes at most the bytes from `start` to the end of the array.
            unsafe buffer.withUnsafeMutableBytes { bytes in
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                return unsafe recv(descriptor, room.baseAddress, room.count, 0)
            }
        }
    }

    /// Sends what `buffer` holds from index `start` on. `isMoreComing` lets the kernel wait for
    /// what follows before it fills a packet.
    package static func send(
        _ descriptor: Int32, _ buffer: [UInt8], from start: Int, isMoreComing: Bool
    ) throws(SystemError) -> Progress {
        let flags = Int32(MSG_NOSIGNAL) | (isMoreComing ? Int32(MSG_MORE) : 0)
        return try progress("send") {
            // Safe: the kernel reads at most the bytes from `start` to the end of the array.
            unsafe buffer.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
                return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, flags)
            }
        }
    }

    /// Sends part of a file without copying it; 0 moved means that the file is shorter.
    package static func sendFile(
        _ descriptor: Int32, _ file: SharedFile, offset: Int64, count: Int
    ) throws(SystemError) -> Progress {
        var offset = off_t(offset)
        return try progress("sendfile") {
            // Safe: the kernel reads and writes the offset, which outlives the call.
            unsafe sendfile(descriptor, file.descriptor, &offset, count)
        }
    }

    /// Tells the peer that no more bytes come.
    package static func endSending(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes the next close break the connection: the peer sees a reset, not an end.
    package static func breakAtClose(_ descriptor: Int32) {
        var setting = linger(l_onoff: 1, l_linger: 0)
        // Safe: the option's value is a linger structure.
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &setting,
            socklen_t(MemoryLayout<linger>.size))
    }

    /// Gives the descriptor back.
    package static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    private static func progress(
        _ call: StaticString, _ attempt: () -> Int
    ) throws(SystemError) -> Progress {
        while true {
            let count = attempt()
            if count >= 0 { return .moved(count) }
            switch errno {
            case EAGAIN: return .wouldBlock
            case EINTR: continue
            case let number: throw SystemError(call, number: number)
            }
        }
    }
}

internal import CLinux
internal import Glibc
internal import Synchronization

/// A socket that connections arrive at. Several loops may accept from it at the same time.
package final class ListeningSocket: Sendable {
    package let descriptor: Int32
    /// Where it really listens: the port is known here when the kernel chose it.
    package let address: SocketAddress

    /// Whether others have the same socket, and go on with it.
    private let isShared: Bool
    private let hasEnded = Atomic<Bool>(false)

    /// How many connections may wait to be accepted.
    private static let backlog: Int32 = 4096

    /// Listens at `address`. A Unix socket left behind by a process that has gone is replaced.
    package init(_ address: SocketAddress) throws(SystemError) {
        let descriptor = try retrying("socket") {
            mirrord_socket(address.family, Int32(SOCK_STREAM.rawValue))
        }
        do throws(SystemError) {
            if address.isUnix {
                try Self.removeStale(address)
            } else {
                try Self.setOption(descriptor, SOL_SOCKET, SO_REUSEADDR)
            }
            // Dual stack where the system has it: `[::]:5000` takes IPv4 clients too.
            if address.isIPv6 {
                try Self.setOption(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0)
            }
            try Self.bind(descriptor, to: address)
            _ = try retrying("listen") { Glibc.listen(descriptor, Self.backlog) }
            self.address = address.isUnix ? address : try Self.boundAddress(descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        isShared = false
    }

    /// Takes over a socket that somebody else has opened for this process and may hand to another
    /// one later, such as systemd.
    ///
    /// - Throws: when it is no socket that listens; it is left open then.
    package init(adopting descriptor: Int32) throws(SystemError) {
        guard try Self.option(descriptor, SO_ACCEPTCONN) == 1 else {
            throw SystemError("accept", number: EINVAL)
        }
        _ = try retrying("fcntl") { fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = try retrying("fcntl") { fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        address = try Self.boundAddress(descriptor)
        self.descriptor = descriptor
        isShared = true
    }

    deinit {
        endListening()
        close(descriptor)
    }

    /// Refuses connections from now on, ends who waits for one, and removes the file of a Unix
    /// socket, whose path may be somebody else's later. Calling it twice does no harm. On a
    /// socket that was adopted, connections go on to wait for who accepts them next.
    package func endListening() {
        if isShared { return }
        if hasEnded.exchange(true, ordering: .relaxed) { return }
        shutdown(descriptor, Int32(SHUT_RDWR))
        // Safe: the path lives as long as the call.
        if address.isUnix { _ = unsafe unlink(address.host) }
    }

    /// Takes one waiting connection; nil when there is none. The descriptor does not block, and
    /// it is the caller's to close.
    package func accept() throws(SystemError) -> (descriptor: Int32, peer: SocketAddress)? {
        var storage = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(storage.count)
        while true {
            // Safe: the kernel writes at most `length` bytes of address, and says how many.
            let accepted = unsafe storage.withUnsafeMutableBytes { bytes in
                unsafe mirrord_accept(
                    descriptor, unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    &length)
            }
            if accepted >= 0 {
                let used = min(Int(length), storage.count)
                return (accepted, SocketAddress(bytes: Array(storage[..<used])))
            }
            switch errno {
            case EAGAIN: return nil
            // The client gave up while it waited; the next one may not have.
            case EINTR, ECONNABORTED, EPROTO: continue
            default: throw SystemError.last("accept4")
            }
        }
    }

    private static func setOption(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32 = 1
    ) throws(SystemError) {
        var value = value
        // Safe: the option's value is the four bytes of an int.
        _ = try retrying("setsockopt") {
            unsafe setsockopt(descriptor, level, option, &value, socklen_t(4))
        }
    }

    private static func option(
        _ descriptor: Int32, _ option: Int32
    ) throws(SystemError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(4)
        // Safe: the option's value is the four bytes of an int.
        _ = try retrying("getsockopt") {
            unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &length)
        }
        return value
    }

    private static func bind(_ descriptor: Int32, to address: SocketAddress) throws(SystemError) {
        _ = try retrying("bind") {
            // Safe: the bytes are a sockaddr of the stated length.
            unsafe address.bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return Int32(-1) }
                return unsafe Glibc.bind(
                    descriptor, start.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(bytes.count))
            }
        }
    }

    private static func boundAddress(_ descriptor: Int32) throws(SystemError) -> SocketAddress {
        var storage = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(storage.count)
        _ = try retrying("getsockname") {
            // Safe: the kernel writes at most `length` bytes of address, and says how many.
            unsafe storage.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return Int32(-1) }
                return unsafe getsockname(
                    descriptor, start.assumingMemoryBound(to: sockaddr.self), &length)
            }
        }
        return SocketAddress(bytes: Array(storage[..<Int(length)]))
    }

    /// Removes the file of a Unix socket that nobody listens at.
    private static func removeStale(_ address: SocketAddress) throws(SystemError) {
        do throws(SystemError) {
            close(try StreamSocket.connecting(to: address))
        } catch {
            // Refused is what a socket without a listener says; so does a file that is none.
            if error.number == ECONNREFUSED, isSocket(address.host) {
                // Safe: the path lives as long as the call.
                _ = unsafe unlink(address.host)
            }
            return
        }
        throw SystemError("bind", number: EADDRINUSE)
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        // Safe: the call fills `status` and keeps nothing.
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}

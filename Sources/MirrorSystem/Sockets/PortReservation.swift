internal import CLinux
internal import Glibc

/// A TCP port that stays ours while nobody listens at it: connections are refused, and the
/// kernel gives it to nobody else. ``ListeningSocket`` can listen there meanwhile.
package final class PortReservation: Sendable {
    /// The host asked for and the port that the kernel chose.
    package let address: SocketAddress
    private let descriptor: Int32

    /// Reserves some free port of `host`, which is numeric.
    package init(host: String) throws(SystemError) {
        guard let any = SocketAddress(host: host, port: 0) else {
            throw SystemError("bind", number: EINVAL)
        }
        let descriptor = try retrying("socket") {
            mirrord_socket(any.family, Int32(SOCK_STREAM.rawValue))
        }
        self.descriptor = descriptor
        var one: Int32 = 1
        // Safe: the option's value is the four bytes of an int.
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(4))
        var bytes = any.bytes
        var length = socklen_t(bytes.count)
        // Safe: the bytes are a sockaddr of the stated length; the kernel writes no more.
        let failure: Int32 = unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return EINVAL }
            let name = unsafe start.assumingMemoryBound(to: sockaddr.self)
            guard unsafe bind(descriptor, name, length) == 0,
                unsafe getsockname(descriptor, name, &length) == 0
            else { return errno }
            return 0
        }
        address = SocketAddress(bytes: bytes)
        if failure != 0 { throw SystemError("bind", number: failure) }
    }

    deinit {
        close(descriptor)
    }
}

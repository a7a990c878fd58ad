internal import CLinux
internal import Glibc

/// Where a service manager hears how a process is: lines such as `READY=1` (sd_notify(3)).
package final class NotifySocket: Sendable {
    private let descriptor: Int32
    private let address: SocketAddress

    /// Opens a socket to the manager's.
    ///
    /// - Parameter text: a path, or `@` and the name of an abstract socket.
    /// - Returns: nil for an address of another kind.
    package init?(at text: String) throws(SystemError) {
        let address =
            text.hasPrefix("@")
            ? SocketAddress(abstractName: String(text.dropFirst()))
            : text.hasPrefix("/") ? SocketAddress(unixPath: text) : nil
        guard let address else { return nil }
        self.address = address
        descriptor = try retrying("socket") {
            mirrord_socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue))
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends one message. It does not wait: the manager's queue has room for hundreds.
    package func send(_ message: String) throws(SystemError) {
        let bytes = Array(message.utf8)
        _ = try retrying("sendto") {
            // Safe: the kernel reads the bytes of both arrays, which outlive the call.
            unsafe address.bytes.withUnsafeBytes { name in
                guard let start = name.baseAddress else { return -1 }
                return unsafe sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL),
                    start.assumingMemoryBound(to: sockaddr.self), socklen_t(name.count))
            }
        }
    }
}

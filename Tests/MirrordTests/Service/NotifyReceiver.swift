import Glibc
import MirrorSystem

/// The service manager's end of a notify socket.
final class NotifyReceiver: Sendable {
    private static let threads = BlockingPool(threadLimit: 16)

    private let descriptor: Int32

    struct Failure: Error {}

    init(at address: SocketAddress) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        // Safe: the bytes are a sockaddr of the stated length.
        let result = unsafe address.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return Int32(-1) }
            return unsafe bind(
                descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard result == 0 else { throw Failure() }
    }

    deinit {
        close(descriptor)
    }

    /// Waits for the next message, as its lines.
    func next() async -> [String] {
        await Self.threads.run { [descriptor] in
            var bytes = [UInt8](repeating: 0, count: 4096)
            // Safe: the kernel writes at most the array's bytes.
            let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
            let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            return text.split(separator: "\n").map(String.init)
        }
    }
}

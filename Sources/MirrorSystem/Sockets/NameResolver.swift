internal import CLinux
internal import Glibc

/// Why a name has no address, in the resolver's words.
package struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Looks host names up as the system is set up to: hosts file, DNS, whatever nsswitch.conf says.
package enum NameResolver {
    /// The addresses of `host` at `port`, in the order that the system prefers. Blocks, maybe for
    /// many seconds: call it on a ``BlockingPool``.
    ///
    /// Families that this machine has no route for are not left out: an attempt to connect finds
    /// out at once, and a machine with nothing but its loopback would get no answer otherwise.
    package static func addresses(
        of host: String, port: UInt16
    ) throws(NameError) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        // Safe: the list is the resolver's, read here and given back before the return.
        let failure = unsafe getaddrinfo(host, nil, &hints, &list)
        guard failure == 0 else { throw NameError(text(of: failure)) }
        defer { unsafe freeaddrinfo(list) }

        var addresses: [SocketAddress] = []
        var entry = unsafe list
        while let current = unsafe entry {
            // Safe: each entry holds a sockaddr of the stated length.
            if let address = unsafe current.pointee.ai_addr {
                let length = unsafe Int(current.pointee.ai_addrlen)
                let bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: length))
                let found = SocketAddress(bytes: bytes).with(port: port)
                if !addresses.contains(found) { addresses.append(found) }
            }
            unsafe entry = current.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw NameError("the name has no address") }
        return addresses
    }

    private static func text(of failure: Int32) -> String {
        if failure == EAI_SYSTEM { return "\(SystemError.last("getaddrinfo"))" }
        // Safe: gai_strerror answers with a constant text.
        guard let text = unsafe gai_strerror(failure) else { return "error \(failure)" }
        return unsafe String(cString: text)
    }
}

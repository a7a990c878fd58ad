internal import COpenSSL
internal import MirrorSystem

/// The TLS side of one connection, over a socket that does not block. It never waits: it says
/// what it needs the socket to be ready for.
// Safe: used on the loop of its connection only, as the stream that holds it is.
@safe final class TLSSession: @unchecked Sendable {
    /// What a call came to.
    enum Progress {
        /// That many bytes were moved; 0 when receiving means that the peer has ended properly.
        case moved(Int)
        /// The socket must be ready in this direction first.
        case needs(Channel.Direction)
    }

    // Safe: made once and never changed.
    private nonisolated(unsafe) static let method: OpaquePointer? = unsafe mirrord_bio_method_new()

    /// Safe in every call below: it lives as long as this object, on one thread at a time.
    private let pointer: OpaquePointer
    private let context: TLSContext
    private let side: Side
    private var isSessionKept = false
    /// Whether the client spoke HTTP where TLS was due.
    private(set) var hasMetPlainHTTP = false

    private enum Side {
        /// The client's, whose sessions with the server are remembered under this key.
        case client(host: String, sessionKey: String)
        case server
    }

    /// The client's side of a connection to `host`, which the certificate must name.
    convenience init(
        client context: TLSContext, host: String, port: UInt16, descriptor: Int32
    ) throws(TransportError) {
        let sessionKey = "\(host):\(port)"
        try self.init(context, .client(host: host, sessionKey: sessionKey), descriptor)
        guard setName(host), setProtocol() else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
        unsafe SSL_set_connect_state(pointer)
        if let session = context.session(of: sessionKey) {
            unsafe SSL_set_session(pointer, session.pointer)
        }
    }

    /// The server's side of a connection.
    convenience init(server context: TLSContext, descriptor: Int32) throws(TransportError) {
        try self.init(context, .server, descriptor)
        unsafe SSL_set_accept_state(pointer)
    }

    private init(
        _ context: TLSContext, _ side: Side, _ descriptor: Int32
    ) throws(TransportError) {
        self.context = context
        self.side = side
        ERR_clear_error()
        guard let method = unsafe Self.method, let pointer = unsafe SSL_new(context.pointer) else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
        unsafe self.pointer = pointer
        guard let bio = unsafe mirrord_bio_new(method, descriptor) else {
            throw .insecure("cannot set up TLS: \(TLSFailure.libraryReason())")
        }
        unsafe SSL_set_bio(pointer, bio, bio)
    }

    deinit {
        unsafe SSL_free(pointer)
    }

    /// Whether the last handshake was a short one.
    var isResumed: Bool { unsafe SSL_session_reused(pointer) == 1 }

    /// Whether bytes may be had without asking the socket.
    var hasPending: Bool { unsafe SSL_has_pending(pointer) == 1 }

    /// Whether the last receipt has taken all that the socket had.
    var hasEmptiedSocket: Bool { unsafe mirrord_SSL_has_emptied(pointer) == 1 }

    /// Who the client is, where it has shown a certificate and that was verified.
    var clientIdentity: TLSClientIdentity? {
        // Safe: the certificate is only looked at, and stays the session's.
        guard context.verifiesClients,
            let certificate = unsafe SSL_get0_peer_certificate(pointer)
        else { return nil }
        return unsafe TLSClientIdentity(certificate: certificate)
    }

    /// Goes on with the handshake; moved means that it is done.
    func handshake() throws(TransportError) -> Progress {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(pointer)
        return try progress(result, moved: 0, or: handshakeFailure)
    }

    private func handshakeFailure() -> TransportError {
        switch side {
        case .client(let host, _): return unsafe TLSFailure.handshake(pointer, host)
        case .server:
            hasMetPlainHTTP = TLSFailure.isPlainHTTP
            return unsafe TLSFailure.accepting(pointer)
        }
    }

    /// Receives into `buffer` from index `start` to its end.
    func receive(into buffer: inout [UInt8], from start: Int) throws(TransportError) -> Progress {
        var count = 0
        ERR_clear_error()
        // Safe: libssl writes at most the bytes from `start` to the end of the array.
        let result = unsafe buffer.withUnsafeMutableBytes { bytes in
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            return unsafe SSL_read_ex(pointer, room.baseAddress, room.count, &count)
        }
        let progress = try progress(result, moved: count, or: { TLSFailure.transfer() })
        if count > 0, !isSessionKept, case .client(_, let key) = side { keepSession(as: key) }
        return progress
    }

    /// Sends what `buffer` holds from index `start` on.
    func send(_ buffer: [UInt8], from start: Int) throws(TransportError) -> Progress {
        var count = 0
        ERR_clear_error()
        // Safe: libssl reads at most the bytes from `start` to the end of the array.
        let result = unsafe buffer.withUnsafeBytes { bytes in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
            return unsafe SSL_write_ex(pointer, rest.baseAddress, rest.count, &count)
        }
        return try progress(result, moved: count, or: { TLSFailure.transfer() })
    }

    /// Tells the peer that no more comes, if the socket takes it at once.
    func close() {
        ERR_clear_error()
        unsafe SSL_shutdown(pointer)
        ERR_clear_error()
    }

    private func progress(
        _ result: Int32, moved count: Int, or failure: () -> TransportError
    ) throws(TransportError) -> Progress {
        if result == 1 { return .moved(count) }
        switch unsafe SSL_get_error(pointer, result) {
        case SSL_ERROR_WANT_READ: return .needs(.reading)
        case SSL_ERROR_WANT_WRITE: return .needs(.writing)
        case SSL_ERROR_ZERO_RETURN: return .moved(0)
        default: throw failure()
        }
    }

    /// Makes libssl check the certificate for `host`, and names it to the server.
    private func setName(_ host: String) -> Bool {
        if SocketAddress(host: host, port: 0) != nil {
            return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), host) == 1
        }
        unsafe SSL_set_hostflags(pointer, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard unsafe SSL_set1_host(pointer, host) == 1 else { return false }
        return unsafe mirrord_SSL_set_tlsext_host_name(pointer, host) == 1
    }

    /// Offers HTTP/1.1 and nothing else (RFC 7301).
    private func setProtocol() -> Bool {
        let name = Array("http/1.1".utf8)
        let offer = [UInt8(name.count)] + name
        return unsafe SSL_set_alpn_protos(pointer, offer, UInt32(offer.count)) == 0
    }

    /// Tickets come after the handshake in TLS 1.3, so they are there with the first bytes.
    private func keepSession(as key: String) {
        isSessionKept = true
        guard let session = unsafe SSL_get1_session(pointer) else { return }
        let resumption = unsafe TLSResumption(owning: session)
        if unsafe SSL_SESSION_is_resumable(session) == 1 {
            context.remember(resumption, of: key)
        }
    }
}

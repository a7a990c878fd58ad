import COpenSSL
import MirrorSystem

@testable import MirrorHTTP

/// A client that speaks TLS exactly as it is told to, over a ``RawClient``.
// Safe: one test uses it, one call after another.
@safe final class SecureClient: WireClient, @unchecked Sendable {
    /// What it offers.
    struct Offer {
        /// The versions of TLS.
        var versions = TLS1_2_VERSION...TLS1_3_VERSION
        /// The suites of TLS 1.2, by OpenSSL's names.
        var oldSuites = "ALL"
        /// The suites of TLS 1.3.
        var newSuites = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256"
        /// The protocols (RFC 7301).
        var protocols: [String] = []
        /// The server's name.
        var serverName: String?
        /// What it shows when it is asked.
        var certificate: TestCertificate?
        /// A session to resume.
        var session: TLSResumption?
    }

    /// Why TLS failed, in OpenSSL's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let raw: RawClient
    private let context: OpaquePointer
    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// Connects and shakes hands. It takes any certificate.
    static func connect(
        to server: ServerUnderTest, _ offer: Offer = Offer()
    ) async throws -> SecureClient {
        let client = try SecureClient(over: try await server.connect(), offer)
        try await client.shakeHands()
        return client
    }

    init(over raw: RawClient, _ offer: Offer = Offer()) throws {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()),
            let session = unsafe Self.session(context, offer),
            let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem())
        else { throw Failure(description: "cannot be set up: \(TLSFailure.libraryReason())") }
        self.raw = raw
        unsafe self.context = context
        unsafe self.session = session
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe SSL_set_connect_state(session)
    }

    deinit {
        unsafe SSL_free(session)
        unsafe SSL_CTX_free(context)
    }

    private static func session(_ context: OpaquePointer, _ offer: Offer) -> OpaquePointer? {
        unsafe SSL_CTX_set_security_level(context, 0)
        unsafe SSL_CTX_set_cipher_list(context, offer.oldSuites)
        unsafe SSL_CTX_set_ciphersuites(context, offer.newSuites)
        unsafe mirrord_SSL_CTX_set_min_proto_version(context, offer.versions.lowerBound)
        unsafe mirrord_SSL_CTX_set_max_proto_version(context, offer.versions.upperBound)
        do { try unsafe offer.certificate?.use(in: context) } catch { return nil }
        guard let session = unsafe SSL_new(context) else { return nil }
        let protocols = offer.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !protocols.isEmpty {
            unsafe SSL_set_alpn_protos(session, protocols, UInt32(protocols.count))
        }
        if let name = offer.serverName {
            unsafe mirrord_SSL_set_tlsext_host_name(session, name)
        }
        if let resumption = offer.session { unsafe SSL_set_session(session, resumption.pointer) }
        return unsafe session
    }

    // MARK: What was agreed

    /// Such as `TLSv1.3`.
    var version: String { unsafe String(cString: SSL_get_version(session)) }
    /// Under OpenSSL's name.
    var suite: String {
        unsafe String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(session)))
    }
    var isResumed: Bool { unsafe SSL_session_reused(session) == 1 }
    /// The protocol that the server chose.
    var chosenProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(session, &name, &count)
        guard let name = unsafe name else { return nil }
        return unsafe String(
            decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }
    /// The common name of the server's certificate.
    var serverCertificateName: String? {
        guard let certificate = unsafe SSL_get0_peer_certificate(session) else { return nil }
        return unsafe TLSClientIdentity(certificate: certificate)?.name
    }
    /// What to resume the session by; TLS 1.3 has it after the first answer.
    func resumption() throws -> TLSResumption {
        guard let pointer = unsafe SSL_get1_session(session) else {
            throw Failure(description: "no session")
        }
        return unsafe TLSResumption(owning: pointer)
    }

    // MARK: Bytes

    func shakeHands() async throws {
        _ = try await drive { unsafe SSL_do_handshake(session) }
    }

    /// Asks for another handshake, as TLS 1.2 could have it.
    func renegotiate() async throws {
        guard unsafe SSL_renegotiate(session) == 1 else {
            throw Failure(description: TLSFailure.libraryReason())
        }
        try await shakeHands()
    }

    func send(_ text: String) async throws {
        let bytes = Array(text.utf8)
        _ = try await drive { unsafe SSL_write(session, bytes, Int32(bytes.count)) }
    }

    func receive(_ count: Int) async throws -> [UInt8] {
        var received: [UInt8] = []
        while received.count < count {
            var block = [UInt8](repeating: 0, count: count - received.count)
            let moved = try await drive { unsafe SSL_read(session, &block, Int32(block.count)) }
            if moved == 0 { break }
            received += block.prefix(Int(moved))
        }
        return received
    }

    /// Repeats `call` until it is done, moving bytes between TLS and the socket; 0 is a proper end.
    private func drive(_ call: () -> Int32) async throws -> Int32 {
        while true {
            ERR_clear_error()
            let result = call()
            let verdict = unsafe SSL_get_error(session, result)
            let reason = result <= 0 && verdict == SSL_ERROR_SSL ? TLSFailure.libraryReason() : ""
            try await flush()
            if result > 0 { return result }
            switch verdict {
            case SSL_ERROR_ZERO_RETURN: return 0
            case SSL_ERROR_WANT_READ:
                let bytes = try await raw.receiveSome()
                if bytes.isEmpty { throw Failure(description: "cut off") }
                unsafe BIO_write(incoming, bytes, Int32(bytes.count))
            default: throw Failure(description: reason)
            }
        }
    }

    private func flush() async throws {
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(outgoing)))
        if bytes.isEmpty { return }
        unsafe BIO_read(outgoing, &bytes, Int32(bytes.count))
        try await raw.send(bytes)
    }
}

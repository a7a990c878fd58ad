internal import COpenSSL

/// Who a client is, by a certificate that was verified.
public struct TLSClientIdentity: Hashable, Sendable {
    /// The certificate's whole subject as RFC 4514 writes it: `CN=builder,O=Example`.
    public let subject: String
    /// The subject's common name; all of the subject where it has none.
    public let name: String

    /// An identity of these parts.
    public init(subject: String, name: String) {
        self.subject = subject
        self.name = name
    }
}

extension TLSClientIdentity {
    /// The subject of a certificate, which is only looked at.
    init?(certificate: OpaquePointer) {
        // Safe here and below: what is read belongs to the certificate, which its owner keeps.
        guard let name = unsafe X509_get_subject_name(certificate),
            let text = unsafe Self.text(of: name)
        else { return nil }
        self.init(subject: text, name: unsafe Self.commonName(of: name) ?? text)
    }

    private static func text(of name: OpaquePointer) -> String? {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return nil }
        defer { unsafe BIO_free(memory) }
        guard unsafe mirrord_X509_NAME_write(memory, name) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(memory)))
        let count = unsafe BIO_read(memory, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
    }

    /// The most specific common name, which stands last.
    private static func commonName(of name: OpaquePointer) -> String? {
        var last: Int32 = -1
        while true {
            let next = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, last)
            if next < 0 { break }
            last = next
        }
        guard last >= 0, let entry = unsafe X509_NAME_get_entry(name, last) else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(entry))
        guard count > 0, let bytes = unsafe bytes else { return nil }
        defer { unsafe mirrord_OPENSSL_free(bytes) }
        return unsafe String(
            decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }
}
